import type { TraceEvent, TraceFact } from '../../machine/trace.ts'
import type { Clock } from './clock.ts'

/** What a fact is given when it is recorded. */
interface Stamp {
  at: number
  seq: number
}

/** All that has happened on the machine, in order: pictures, labs and tests know a machine by these events alone. */
export class Trace {
  /** The latest events, at least as many as the options ask for; earlier ones are dropped. */
  readonly events: TraceEvent[] = []
  readonly #clock: Clock
  readonly #keep: number
  readonly #listening = new Set<(event: TraceEvent) => void>()
  #recorded = 0

  constructor(clock: Clock, keep: number) {
    this.#clock = clock
    this.#keep = keep
  }

  /** How many events were recorded, dropped ones included. */
  get recorded(): number {
    return this.#recorded
  }

  /** Registers a callback for every event. @returns a function that removes it */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listening.add(listener)
    return () => this.#listening.delete(listener)
  }

  record(fact: TraceFact): void {
    // The fact itself becomes the event: copying each one would be a large part of the kernel's work.
    const event = fact as TraceFact & Stamp
    event.at = this.#clock.now
    event.seq = this.#recorded++
    this.events.push(event)
    if (this.events.length >= this.#keep * 1.25) this.events.splice(0, this.events.length - this.#keep)
    for (const listener of this.#listening) listener(event)
  }
}
