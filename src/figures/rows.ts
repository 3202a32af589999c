import { waited, type ObservedRequest, type ObservedProcess, type ObservedRun } from './observe.ts'

/** The colours and outlines of workers (src/styles/tokens.css). */
export const LOOKS = 4

/** One row of a figure; times in virtual ms. */
export interface Row {
  readonly label: string
  /** A second, quiet line of the label. */
  readonly detail?: string
  /** Whether requests wait here until a process accepts them. */
  readonly queue?: boolean
  /** Which worker's colour it has, from 1. */
  readonly look?: number
  readonly boxes?: readonly Box[]
  readonly bars?: readonly Bar[]
  readonly marks?: readonly Mark[]
}

export interface Box {
  readonly from: number
  readonly until: number | undefined
  readonly kind: 'booting' | 'serving' | 'draining' | 'held'
  readonly text?: string
}

/** A request in a row: it waits there, or is being answered. */
export interface Bar {
  readonly request: number
  readonly from: number
  readonly until: number | undefined
  readonly kind: 'waiting' | 'served' | 'lost' | 'failed'
}

export interface Mark {
  readonly at: number
  readonly kind: 'signal' | 'death' | 'event'
  readonly text: string
}

/** The boxes of a process; `still`: the label where its main thread is blocked. */
export function boxesOf(
  { from, serves, drains, until, held }: ObservedProcess,
  still?: string,
): readonly Box[] {
  const boxes: Box[] = [{ from, until: serves ?? drains ?? until, kind: 'booting' }]
  if (serves !== undefined) boxes.push({ from: serves, until: drains ?? until, kind: 'serving' })
  if (drains !== undefined) boxes.push({ from: drains, until, kind: 'draining' })
  for (const { from: at, until: end } of held) {
    if (serves === undefined || at < serves) continue
    const over = until === undefined ? end : Math.min(end, until)
    boxes.push({ from: at, until: over, kind: 'held', ...(still === undefined ? {} : { text: still }) })
  }
  return boxes
}

/** The requests of a process, as bars. */
export function barsOf(asked: readonly ObservedRequest[], pid: number): readonly Bar[] {
  return asked.flatMap(({ request, pid: by, accepted, until, end, status = 0 }) =>
    by !== pid || accepted === undefined
      ? []
      : {
          request,
          from: accepted,
          until,
          kind:
            end !== undefined && end !== 'answered'
              ? ('lost' as const)
              : status >= 500
                ? ('failed' as const)
                : ('served' as const),
        },
  )
}

/** The shortest wait that is drawn, in ms. */
const SEEN_WAIT = 5

/** The row of requests that wait in the backlog. */
export function queueRow({ asked }: ObservedRun, label: string): Row {
  const bars = asked
    .filter((each) => waited(each) > SEEN_WAIT)
    .map(({ request, from, accepted, until }) => ({
      request,
      from,
      until: accepted ?? until,
      kind: accepted === undefined && until !== undefined ? ('lost' as const) : ('waiting' as const),
    }))
  return { label, queue: true, bars }
}

/** Puts bars that overlap in time into different lanes. */
export function lanesOf(bars: readonly Bar[]): { readonly lanes: readonly number[]; readonly count: number } {
  const ends: number[] = []
  const lanes = bars.map(({ from, until = Infinity }) => {
    const free = ends.findIndex((end) => end <= from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = until
    return lane
  })
  return { lanes, count: ends.length }
}
