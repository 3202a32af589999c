import type { Option } from '../option.ts'
import { wrapWords } from '../wrap.ts'

/** click 8 wraps help at this many columns. */
const WIDEST = 80
const NARROWEST = 50
/** After a name longer than this, the description begins on the next line. */
const NAMES_AT_MOST = 30
const INDENT = 2
const GAP = 2

/** The help of a command as click 8 lays it out. */
export function clickHelp(usage: string, options: readonly Option[], columns: number): string {
  const width = Math.max(Math.min(columns, WIDEST) - 2, NARROWEST)
  const rows = options.map((option) => ({ names: namesOf(option), about: aboutOf(option) }))
  const first = Math.min(Math.max(...rows.map(({ names }) => names.length)), NAMES_AT_MOST) + GAP
  const lines = rows.flatMap(({ names, about }) => {
    const [head = '', ...rest] = wrapWords(about, Math.max(width - first - INDENT, 10))
    const below = rest.map((line) => ' '.repeat(INDENT + first) + line)
    if (names.length > first - GAP) {
      return [' '.repeat(INDENT) + names, ' '.repeat(INDENT + first) + head, ...below]
    }
    return [' '.repeat(INDENT) + names.padEnd(first) + head, ...below]
  })
  return `${usage}\n\nOptions:\n${lines.join('\n')}\n`
}

function namesOf(option: Option): string {
  const names = [option.names.join(', '), ...(option.negations ?? [])].join(' / ')
  const metavar = option.metavar ?? metavarOf(option)
  return metavar === '' ? names : `${names} ${metavar}`
}

function metavarOf({ takes }: Option): string {
  if (typeof takes === 'object') return `[${takes.choices.join('|')}]`
  return { nothing: '', perhaps: 'TEXT', text: 'TEXT', int: 'INTEGER', float: 'FLOAT', path: 'PATH' }[takes]
}

function aboutOf(option: Option): string {
  const { default: value, takes } = option
  return value === undefined || takes === 'nothing'
    ? option.about
    : `${option.about}  [default: ${String(value)}]`
}
