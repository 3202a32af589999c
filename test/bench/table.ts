import { reaches, type Line } from './line.ts'

/** All lines as a table in Markdown. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.what + details(line),
    `${number(line.ours, line)}${reaches(line) ? '' : ' ✗'}`,
    goalOf(line),
    Object.entries(line.beside ?? {})
      .map(([name, value]) => `${name} ${number(value, line)}`)
      .join(', '),
  ])
  const head = ['what', 'ours', 'goal', 'beside it']
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function details({ of, scale }: Line): string {
  const parts = [of, scale === undefined ? undefined : `scale ${scale}`].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}

function goalOf(line: Line): string {
  const { goal } = line
  if (goal === undefined) return ''
  return 'atMost' in goal ? `≤ ${number(goal.atMost, line)}` : `≥ ${number(goal.atLeast, line)}`
}

function number(value: number, { unit }: Pick<Line, 'unit'>): string {
  if (!Number.isFinite(value)) return 'never'
  switch (unit) {
    case 'x':
      return value.toFixed(2)
    case 'MB':
      return `${value.toFixed(1)} MB`
    case 'KB':
      return `${value.toFixed(0)} KB`
    case 'ms':
      return `${value.toFixed(value < 10 ? 1 : 0)} ms`
    case '%':
      return `${value.toFixed(1)} %`
    case 'requests/s':
    case 'events/s':
      return Math.round(value).toLocaleString('en')
    default:
      return `${value}`
  }
}
