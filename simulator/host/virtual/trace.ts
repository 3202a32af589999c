import type { TraceEvent, TraceFact } from '../../machine/trace.ts'
import type { Clock } from './clock.ts'

/** What a fact is given when it is recorded. */
interface Stamp {
  at: number
  seq: number
}

/** Everything that has happened on the machine, in order: all that the page, the labs and the tests see of it. */
export class Trace {
  /** The latest events, at least as many as are to be kept; earlier ones are forgotten. */
  readonly events: TraceEvent[] = []
  readonly #clock: Clock
  readonly #keep: number
  readonly #listening = new Set<(event: TraceEvent) => void>()
  #recorded = 0

  constructor(clock: Clock, keep: number) {
    this.#clock = clock
    this.#keep = keep
  }

  /** How many events there have been, those that were forgotten included. */
  get recorded(): number {
    return this.#recorded
  }

  /** Calls back at every event; the answer ends that. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listening.add(listener)
    return () => this.#listening.delete(listener)
  }

  record(fact: TraceFact): void {
    // The fact itself becomes the event: copying each would be a large part of the kernel's work.
    const event = fact as TraceFact & Stamp
    event.at = this.#clock.now
    event.seq = this.#recorded++
    this.events.push(event)
    if (this.events.length >= this.#keep * 1.25) this.events.splice(0, this.events.length - this.#keep)
    for (const listener of this.#listening) listener(event)
  }
}
