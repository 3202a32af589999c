import { attribute } from '../judge/attribute.ts'
import { workersOf } from '../judge/lives.ts'
import { readRecorded, type RecordedLine } from '../judge/side.ts'
import { pidsIn } from '../judge/template.ts'
import { linesByProcess, plain, rawLines, recordedLines, type Line } from '../judge/text.ts'
import { NOT_JAVASCRIPT } from '../exceptions/not-javascript.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import { longestCommon } from './longest-common.ts'

/**
 * How the two lines of a row differ. `same`: not at all. `recorded`, `ours`: only one side has such a line. `colours`: in their
 * escapes. `order`: the same line, but at another place in what its process says. `left out`: Python's own, or what stands for it.
 */
export type Mark = 'same' | 'recorded' | 'ours' | 'colours' | 'order' | 'left out'

/** A line of the recording, the line of ours that corresponds to it, or both. Escapes are `\e`. */
export interface Row {
  readonly mark: Mark
  readonly recorded?: string
  readonly ours?: string
  /** How many of the recording's lines had been printed when this one was, without the terminal's echoes. */
  readonly lines: number
}

interface Ours {
  readonly line: Line
  readonly pid: number
  readonly leftOut: boolean
  /** The place in what its process says. */
  readonly at: number
}

/**
 * Puts the lines of ours beside those of a recording, process by process: in the order of the recording, since the lines of
 * different processes interleave by chance.
 *
 * @param same what the judge says: if so, what is only at another place is not marked
 */
export function pair(recorded: Recorded, observed: Observed, same: boolean): Row[] {
  const theirs = recordedLines(recorded)
  const keptTheirs = new Set(kept(theirs, recorded, 'fromRecorded'))
  const compared = theirs.filter((line) => keptTheirs.has(line))
  const read = readRecorded(compared, recorded)
  const workers = workersOf(read, recorded)
  const { owners } = attribute(read, workers)
  const names = namesOf(workers, observed)
  const ours = linesOf(recorded, observed)

  const partner = new Map<Line, { readonly ours: Ours; readonly mark: Mark }>()
  const free = new Set(ours.filter(({ leftOut }) => !leftOut))
  const match = (line: Line, mine: Ours, mark: Mark): void => {
    partner.set(line, { ours: mine, mark })
    free.delete(mine)
  }

  const lookOf = new Map<Line, RecordedLine>()
  compared.forEach((line, i) => {
    const look = read[i]
    if (look !== undefined) lookOf.set(line, look)
  })
  const isIt = (line: Line, { line: mine }: Ours, byName: boolean): boolean => {
    const look = lookOf.get(line)
    if (look === undefined || line.stream !== mine.stream) return false
    const pids = pidsIn(mine.text, look.template)
    return (
      pids !== undefined && (!byName || pids.every((pid, i) => pid < 0 || names.get(pid) === look.names[i]))
    )
  }

  // What each process says, in its order.
  const apart = observed.attributed ? [...names] : [[0, undefined] as const]
  for (const [pid, name] of apart) {
    const said = compared.filter((_, i) => name === undefined || owners[i] === name)
    const mine = ours.filter((one) => !one.leftOut && (name === undefined || one.pid === pid))
    for (const [line, one] of longestCommon(said, mine, (a, b) => isIt(a, b, true))) match(line, one, 'same')
  }
  // What is left over may still be there, of another process or at another place; or in other colours.
  const pairUp = (mark: Mark, alike: (line: Line, mine: Ours) => boolean): void => {
    for (const line of compared) {
      if (partner.has(line)) continue
      const found = [...free].find((mine) => alike(line, mine))
      if (found !== undefined) match(line, found, mark)
    }
  }
  pairUp(same ? 'same' : 'order', (line, mine) => isIt(line, mine, false))
  const shown = (text: string) => plain(renamed(text, names))
  pairUp('colours', (line, mine) => shown(mine.line.text) === shown(line.text))

  return rowsOf(theirs, keptTheirs, partner, ours, names)
}

function kept(
  lines: readonly Line[],
  recorded: Recorded,
  side: 'fromRecorded' | 'fromOurs',
): readonly Line[] {
  return NOT_JAVASCRIPT.filter((entry) => entry.applies(recorded)).reduce(
    (some, entry) => entry[side](some, recorded),
    lines,
  )
}

/** Whom the recording calls what: workers in the order in which they were started. */
function namesOf(workers: readonly string[], observed: Observed): Map<number, string> {
  const names = new Map<number, string>([
    [0, 'terminal'],
    [observed.parent, 'parent'],
  ])
  observed.spawned.forEach((pid, i) => names.set(pid, workers[i] ?? `w${i + 1}`))
  const others = observed.attributed ? observed.lines.map(({ pid }) => pid) : []
  const unused = workers.filter((name) => ![...names.values()].includes(name))
  for (const pid of new Set(others)) if (!names.has(pid)) names.set(pid, unused.shift() ?? `process ${pid}`)
  return names
}

function linesOf(recorded: Recorded, observed: Observed): Ours[] {
  const byProcess = observed.attributed
    ? [...linesByProcess(observed, recorded.medium.kind === 'pipes')]
    : [[0, rawLines(observed.text)] as const]
  return byProcess.flatMap(([pid, lines]) => {
    const there = new Set(kept(lines, recorded, 'fromOurs'))
    return lines.map((line, at) => ({ line, pid, at, leftOut: !there.has(line) }))
  })
}

/** Rows in the order of the recording; a line that only ours has stands behind the one that its process said before. */
function rowsOf(
  theirs: readonly Line[],
  keptTheirs: ReadonlySet<Line>,
  partner: ReadonlyMap<Line, { readonly ours: Ours; readonly mark: Mark }>,
  ours: readonly Ours[],
  names: ReadonlyMap<number, string>,
): Row[] {
  const rows: { readonly row: Row; readonly ours?: Ours }[] = []
  let lines = 0
  for (const line of theirs) {
    if (line.echo !== true) lines++
    const found = partner.get(line)
    const mark = found?.mark ?? (keptTheirs.has(line) ? 'recorded' : 'left out')
    rows.push({
      row: { mark, recorded: line.text, lines, ...(found && { ours: renamed(found.ours.line.text, names) }) },
      ...(found && { ours: found.ours }),
    })
  }
  const paired = new Set([...partner.values()].map((found) => found.ours))
  for (const mine of ours) {
    if (paired.has(mine)) continue
    const before = rows.findLastIndex((row) => row.ours?.pid === mine.pid && row.ours.at < mine.at)
    const at = before < 0 ? rows.length : before + 1
    const row: Row = {
      mark: mine.leftOut ? 'left out' : 'ours',
      ours: renamed(mine.line.text, names),
      lines: rows[at - 1]?.row.lines ?? lines,
    }
    rows.splice(at, 0, { row, ours: mine })
  }
  return rows.map(({ row }) => row)
}

/** A line of ours as a recording would write it: with names for PIDs, time stamps, ports and links. */
function renamed(text: string, names: ReadonlyMap<number, string>): string {
  return text
    .replace(
      /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}|\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/g,
      '<ts>',
    )
    .replace(/(127\.0\.0\.1(?:\\e\[[\d;]*m)*:(?:\\e\[[\d;]*m)*)\d+/g, '$1<port>')
    .replace(/;id=\d+;/g, ';id=<n>;')
    .replace(/(?<![\d.:])\d{2,}(?![\d.;])/g, (digits) => {
      const name = names.get(Number(digits))
      return name === undefined || name === 'terminal' ? digits : `<${name}>`
    })
}
