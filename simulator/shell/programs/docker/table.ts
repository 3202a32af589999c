import { fill, TemplateError, type Value } from './template.ts'
import type { ProgramContext } from '../../program.ts'

/** Columns with three blanks between them, as Docker lays out its lists. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows
    .map((row) => {
      const line = row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd((widths[at] ?? 0) + 3)))
        .join('')
      return `${line.trimEnd()}\n`
    })
    .join('')
}

/** Prints rows by a template: `table {{.Names}}\t{{.Status}}` with headings, `json`, or a line for each. */
export function printFormatted(
  call: ProgramContext,
  format: string,
  rows: readonly Readonly<Record<string, string>>[],
  headings: Readonly<Record<string, string>>,
): number {
  try {
    if (format === 'json') {
      for (const row of rows) call.out(`${JSON.stringify(row)}\n`)
      return 0
    }
    const [, line] = /^table\s+(.*)$/s.exec(format) ?? []
    if (line === undefined) for (const row of rows) call.out(`${fill(format, row)}\n`)
    else {
      const lines = [headings, ...rows].map((row) => fill(line, row as Value).split('\t'))
      call.out(table(lines))
    }
    return 0
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    call.err(`${error.message}\n`)
    return 1
  }
}

/** Docker's rough spans. */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds < 60) return `${seconds} second${seconds === 1 ? '' : 's'}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return minutes === 1 ? 'About a minute' : `${minutes} minutes`
  const hours = Math.round(seconds / 3600)
  if (hours < 48) return hours === 1 ? 'About an hour' : `${hours} hours`
  return `${Math.floor(hours / 24)} days`
}

const SIZES = ['B', 'kB', 'MB', 'GB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB']

/** A size as Docker prints it: four digits, and a unit. `base` is 1000 or 1024. */
export function size(bytes: number, base: 1000 | 1024): string {
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log(bytes) / Math.log(base)))
  return `${Number((bytes / base ** power).toPrecision(base === 1024 ? 4 : 3))}${(base === 1024 ? BINARY : SIZES)[power]}`
}
