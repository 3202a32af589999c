import { reaches, type Line } from './line.ts'

/** A row of the table as text: what was measured, ours, the goal, and what others had. */
export interface Row {
  readonly what: string
  readonly ours: string
  readonly goal: string
  readonly beside: readonly (readonly [name: string, text: string])[]
}

/** All lines as a table in Markdown. `shows` chooses the others that get a column. */
export function table(lines: readonly Line[], shows: (name: string) => boolean = () => true): string {
  return markdown(lines.map(rowOf), shows)
}

/** The ones that the command is measured against: without itself as another program, and without what is no manager. */
export function isRival(name: string): boolean {
  return !/^(?:server-workers |node -e|bare processes)/.test(name)
}

function rowOf(line: Line): Row {
  return {
    what: line.what + details(line),
    ours: `${number(line.ours, line)}${reaches(line) ? '' : ' ✗'}`,
    goal: goalOf(line),
    beside: Object.entries(line.beside ?? {}).map(([name, value]) => [name, number(value, line)]),
  }
}

/** Each of the others has a column of its own, headed by its name and version. */
export function markdown(rows: readonly Row[], shows: (name: string) => boolean = () => true): string {
  const columns = [...new Set(rows.flatMap(({ beside }) => beside.map(([name]) => versioned(name))))]
    .filter(shows)
    .toSorted((a, b) => Number(!isRival(a)) - Number(!isRival(b)))
  const head = ['what', 'ours', 'goal', ...columns]
  const align = head.map((_, i) => (i === 0 ? '---' : '--:'))
  const body = rows.map(({ what, ours, goal, beside }) => [what, ours, goal, ...cells(beside, columns)])
  return [head, align, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function cells(beside: Row['beside'], columns: readonly string[]): string[] {
  return columns.map((column) => {
    const [name = '', text] = beside.find(([each]) => versioned(each) === column) ?? []
    return text === undefined ? '' : text + name.slice(column.length)
  })
}

/** The name without what is said of this one number. */
function versioned(name: string): string {
  return name.replace(/ \(.*\)$/, '')
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
