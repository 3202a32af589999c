import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { EMPTY, fold, type Picture } from '../../simulator/machine/view/index.ts'

/** A picture is kept every this many events, so that looking back folds at most this many again. */
const EVERY = 256
/** At least this many events are kept; the oldest are dropped in blocks of this size. */
const EVENTS = 100_000
const BLOCK = 100 * EVERY
/** How many snapshots of older times are kept. The longer the session, the further apart they are. */
const MOMENTS = 64
/** How many snapshots are kept of each block that is dropped. */
const OF_BLOCK = 4
/** How many pieces of terminal output are kept with a snapshot. */
const PIECES = 300

interface EventSnapshot {
  /** How many events it is folded from, dropped ones included. */
  readonly count: number
  readonly picture: Picture
}

interface OutputPiece {
  readonly at: number
  readonly text: string
}

/** A snapshot of a time whose events have been dropped. */
interface TimeSnapshot {
  readonly at: number
  readonly picture: Picture
  /** The latest output of each terminal. */
  readonly screens: ReadonlyMap<string, string>
}

/**
 * The pictures of a machine's whole life, folded from its events as they come. Its memory is bounded: among the latest events every moment
 * can be shown, of older times a number of snapshots.
 */
export class History {
  readonly trace: TraceEvent[] = []
  /** How many events have been dropped. */
  #forgotten = 0
  #old: TimeSnapshot[] = []
  readonly #kept: EventSnapshot[] = [{ count: 0, picture: EMPTY }]
  readonly #shown = new Map<string, OutputPiece[]>()
  readonly #events: number
  picture: Picture = EMPTY

  /** @param events how many are kept at least */
  constructor(events = EVENTS) {
    this.#events = events
  }

  take(event: TraceEvent): void {
    this.trace.push(event)
    this.picture = fold(this.picture, event)
    const count = this.#forgotten + this.trace.length
    if (count % EVERY === 0) this.#kept.push({ count, picture: this.picture })
    if ((event.type === 'output' || event.type === 'echo') && event.terminal !== undefined) {
      const shown = this.#shown.get(event.terminal)
      if (shown === undefined) this.#shown.set(event.terminal, [{ at: event.at, text: event.text }])
      else shown.push({ at: event.at, text: event.text })
    }
    if (this.trace.length >= this.#events + BLOCK) this.#forget()
  }

  /** The moment that is shown for a virtual time (ms): that time itself, or, where events have been dropped, the latest snapshot before it. */
  moment(time: number): number {
    return time >= this.#since ? time : this.#oldMoment(time).at
  }

  /** The picture as it was at a virtual time (ms). */
  at(time: number): Picture {
    if (time < this.#since) {
      const { at, picture } = this.#oldMoment(time)
      return { ...picture, now: at }
    }
    const count = this.#count(time)
    const [first] = this.#kept
    const index = Math.floor((this.#forgotten + count - (first?.count ?? 0)) / EVERY)
    const kept = this.#kept[index] ?? { count: 0, picture: EMPTY }
    const events = this.trace.slice(kept.count - this.#forgotten, count)
    return { ...events.reduce(fold, kept.picture), now: time }
  }

  /** The output of a terminal up to a virtual time: its last `most` pieces. */
  screen(terminal: string, time: number, most: number): string {
    if (time < this.#since) return this.#oldMoment(time).screens.get(terminal) ?? ''
    const shown = this.#shown.get(terminal) ?? []
    const end = shown.findLastIndex(({ at }) => at <= time) + 1
    return shown
      .slice(Math.max(0, end - most), end)
      .map(({ text }) => text)
      .join('')
  }

  /** The time of the next event, or of the previous one. */
  neighbour(time: number, direction: 1 | -1): number | undefined {
    if (direction === 1) {
      if (time < this.#since) return this.#old.find(({ at }) => at > time)?.at ?? this.#since
      return this.trace[this.#count(time)]?.at
    }
    let index = this.#count(time) - 1
    while (index >= 0 && (this.trace[index]?.at ?? 0) >= time) index -= 1
    return this.trace[index]?.at ?? this.#old.findLast(({ at }) => at < time)?.at
  }

  /** The time from which on all events are kept. */
  get #since(): number {
    return this.#forgotten === 0 ? -Infinity : (this.#kept[0]?.picture.now ?? 0)
  }

  #oldMoment(time: number): TimeSnapshot {
    return this.#old.findLast(({ at }) => at <= time) ?? { at: 0, picture: EMPTY, screens: new Map() }
  }

  /** Drops the oldest events, and keeps a few snapshots of them. */
  #forget(): void {
    const block = this.#kept.slice(0, BLOCK / EVERY)
    const moments = block
      .filter((_, index) => index % (block.length / OF_BLOCK) === 0)
      // Including all events of the same millisecond.
      .map(({ picture: { now } }) => ({ at: now, picture: this.at(now), screens: this.#screens(now) }))
    this.#old.push(...moments)
    // The first snapshot, the machine at power-on, is always kept.
    while (this.#old.length > MOMENTS) this.#old = this.#old.filter((_, index) => index % 2 === 0)
    this.#kept.splice(0, BLOCK / EVERY)
    this.trace.splice(0, BLOCK)
    this.#forgotten += BLOCK
    const since = this.#since
    for (const shown of this.#shown.values()) {
      const before = shown.findIndex(({ at }) => at > since)
      shown.splice(0, (before === -1 ? shown.length : before) - PIECES)
    }
  }

  #screens(time: number): ReadonlyMap<string, string> {
    return new Map([...this.#shown.keys()].map((name) => [name, this.screen(name, time, PIECES)]))
  }

  /** How many of the kept events had happened by a time. The trace is sorted by time: binary search. */
  #count(time: number): number {
    let low = 0
    let high = this.trace.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.trace[middle]?.at ?? 0) <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}
