import { behaviours, EVENTS, type Behaviour, type ProcessOutput } from '../../simulator/behaviour/index.ts'
import { fill, type ReferenceWords } from './locale.ts'

/** A row of an event's table: the programs that do the same. */
export interface Row {
  readonly editions: readonly string[]
  /** The effect, and how the request ended, if there was one. */
  readonly effect: string
  readonly time: string
  readonly exit: string
}

/** The output at an event, with all programs that print the same. */
export interface PrintedOutput {
  readonly editions: readonly string[]
  readonly blocks: readonly {
    readonly who: string
    readonly text: string
    readonly left: string | undefined
  }[]
}

/** An event of the reference chapter. */
export interface EventEntry {
  readonly id: string
  readonly title: string
  readonly how: string
  readonly rows: readonly Row[]
  readonly printed: readonly PrintedOutput[]
}

/** The groups of events, in the order of the chapter. */
export type Group = (typeof EVENTS)[number]['group']

// Computed once for all languages.
let table: Promise<readonly Behaviour[]> | undefined

/** The events of a group with what each program does, described in one language. */
export async function eventsOf(group: Group, words: ReferenceWords): Promise<EventEntry[]> {
  table ??= behaviours()
  const found = await table
  return EVENTS.filter((event) => event.group === group).map(({ id }) => {
    const cells = found.filter(({ event }) => event === id)
    return { id, ...words.events[id], rows: rowsOf(cells, words), printed: printedOf(cells, words) }
  })
}

function rowsOf(cells: readonly Behaviour[], words: ReferenceWords): Row[] {
  const same = Map.groupBy(cells, ({ effect, ended, otherCodes, request }) =>
    JSON.stringify([effect, ended, otherCodes, request]),
  )
  return [...same.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const ends: Partial<Record<string, string>> = words.request
    const end = first.request === undefined ? undefined : ends[first.request]
    const request = end === undefined ? '' : ` ${end}`
    return [
      {
        editions: group.map(({ edition }) => edition),
        effect: words.effects[first.effect] + request,
        time: timeOf(group, words),
        exit: exitOf(first, words),
      },
    ]
  })
}

/** The shortest and the longest time over all runs of these programs. */
function timeOf(group: readonly Behaviour[], { time }: ReferenceWords): string {
  const seconds = group.flatMap((each) => each.seconds ?? [])
  if (seconds.length === 0) return time.none
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)]
  if (to < 0.1) return time.atOnce
  return fill(from === to ? time.one : time.range, { from, to })
}

function exitOf({ ended, otherCodes }: Behaviour, { exit }: ReferenceWords): string {
  if (ended === undefined) return exit.running
  if ('signal' in ended) return fill(exit.signal, { signal: ended.signal })
  const { code } = ended
  return otherCodes.length === 0
    ? fill(exit.code, { code })
    : fill(exit.chance, { code, others: otherCodes.join(', ') })
}

function printedOf(cells: readonly Behaviour[], words: ReferenceWords): PrintedOutput[] {
  const same = Map.groupBy(cells, ({ said }) =>
    JSON.stringify(said.map(({ by, times, lines, left }) => [by, times, lines, left])),
  )
  return [...same.values()].map((group) => ({
    editions: group.map(({ edition }) => edition),
    blocks: (group[0]?.said ?? []).map((said) => ({
      who: speaker(said, words),
      text: said.printed.join('\n'),
      left: said.left === 0 ? undefined : fill(words.said.left, { left: said.left }),
    })),
  }))
}

function speaker({ by, times }: ProcessOutput, { said }: ReferenceWords): string {
  if (by === 'second manager') return said.secondManager
  if (by === 'manager') return said.manager
  return times === 1 ? said.worker : fill(said.workers, { times })
}
