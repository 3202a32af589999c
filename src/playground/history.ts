import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { EMPTY, fold, type Picture } from '../../simulator/machine/view/index.ts'

/** A picture is kept so often, in events: looking back folds no more than these anew. */
const EVERY = 256
/** So many events are kept at least, and so many of the oldest go at a time. */
const EVENTS = 100_000
const BLOCK = 100 * EVERY
/** Of what is older, so many moments are kept: the further the session goes, the further apart they are. */
const MOMENTS = 64
/** So many of each block become such moments. */
const OF_BLOCK = 4
/** So many pieces of a terminal are kept with an old moment. */
const PIECES = 300

interface Kept {
  /** How many events it is folded from, those that were forgotten included. */
  readonly count: number
  readonly picture: Picture
}

interface Piece {
  readonly at: number
  readonly text: string
}

/** A moment of which the events are forgotten. */
interface Moment {
  readonly at: number
  readonly picture: Picture
  /** What each terminal had shown last. */
  readonly screens: ReadonlyMap<string, string>
}

/**
 * The pictures of a machine's whole life, folded from its trace as that grows. Its memory is bounded: every moment of the
 * latest events can be looked at, and of those before them some, as exactly.
 */
export class History {
  readonly trace: TraceEvent[] = []
  /** How many events were forgotten. */
  #forgotten = 0
  #old: Moment[] = []
  readonly #kept: Kept[] = [{ count: 0, picture: EMPTY }]
  readonly #shown = new Map<string, Piece[]>()
  readonly #events: number
  picture: Picture = EMPTY

  /** `events`: how many are kept at least. */
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

  /** The moment that is shown for a virtual time (ms): itself, or of the long past the last before it that is kept. */
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

  /** What a terminal had shown by a virtual time: the last `most` pieces of it. */
  screen(terminal: string, time: number, most: number): string {
    if (time < this.#since) return this.#oldMoment(time).screens.get(terminal) ?? ''
    const shown = this.#shown.get(terminal) ?? []
    const end = shown.findLastIndex(({ at }) => at <= time) + 1
    return shown
      .slice(Math.max(0, end - most), end)
      .map(({ text }) => text)
      .join('')
  }

  /** The moment of the next event, or of the one before: where there is something to see. */
  neighbour(time: number, direction: 1 | -1): number | undefined {
    if (direction === 1) {
      if (time < this.#since) return this.#old.find(({ at }) => at > time)?.at ?? this.#since
      return this.trace[this.#count(time)]?.at
    }
    let index = this.#count(time) - 1
    while (index >= 0 && (this.trace[index]?.at ?? 0) >= time) index -= 1
    return this.trace[index]?.at ?? this.#old.findLast(({ at }) => at < time)?.at
  }

  /** From when on every event is there. */
  get #since(): number {
    return this.#forgotten === 0 ? -Infinity : (this.#kept[0]?.picture.now ?? 0)
  }

  #oldMoment(time: number): Moment {
    return this.#old.findLast(({ at }) => at <= time) ?? { at: 0, picture: EMPTY, screens: new Map() }
  }

  /** Keeps a few moments of the oldest events, and lets these go. */
  #forget(): void {
    const block = this.#kept.slice(0, BLOCK / EVERY)
    const moments = block
      .filter((_, index) => index % (block.length / OF_BLOCK) === 0)
      // With all that happened at the same time.
      .map(({ picture: { now } }) => ({ at: now, picture: this.at(now), screens: this.#screens(now) }))
    this.#old.push(...moments)
    // The first, the machine as it was switched on, stays.
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

  /** How many of the events that are kept had happened by a time: the trace is in the order of time. */
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
