import { EventQueue, type ScheduledEvent } from './queue.ts'

/** Work at a point in virtual time; the clock waits until the returned promise is settled. */
export type TimedWork = () => void | Promise<void>

/** Virtual time: a queue of events, and the time of the last event that ran. */
export class Clock {
  /** Calendar time at virtual time 0, in ms since 1970. */
  readonly epoch: number
  readonly #queue = new EventQueue()
  readonly #onFault: ((error: unknown) => void) | undefined
  #now = 0
  #events = 0

  /** @param onFault is given what an event throws, and time goes on; without it the caller of `step` gets that */
  constructor(epoch: number, onFault?: (error: unknown) => void) {
    this.epoch = epoch
    this.#onFault = onFault
  }

  /** Virtual time in ms since the machine was made. */
  get now(): number {
    return this.#now
  }

  /** The present calendar time, in ms since 1970. */
  get date(): number {
    return this.epoch + this.#now
  }

  /** How many events have run. */
  get events(): number {
    return this.#events
  }

  /** How many events are scheduled. */
  get pending(): number {
    return this.#queue.size
  }

  /** The virtual time of the next event; `undefined` when none is scheduled. */
  nextAt(): number | undefined {
    return this.#queue.next()
  }

  /** Runs the next event. Returns a promise when application code has to be awaited. */
  step(): void | Promise<void> {
    const due = this.#queue.pop()
    if (due === undefined) return
    this.#now = Math.max(this.#now, due.at)
    this.#events += 1
    const onFault = this.#onFault
    if (onFault === undefined) return due.run()
    try {
      return due.run()?.catch(onFault)
    } catch (error) {
      onFault(error)
    }
  }

  /** Runs all events up to virtual time `until`, and moves the clock there. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      const next = this.#queue.next()
      if (next === undefined || next > until) break
      const pending = this.step()
      if (pending !== undefined) await pending
    }
    this.#now = Math.max(this.#now, until)
  }

  /** Schedules work for a virtual time; a time in the past means the next event. */
  schedule(at: number, run: TimedWork): ScheduledEvent {
    // Time that is no number would be the end of all time.
    if (Number.isNaN(at)) throw new RangeError('a virtual time was expected, but it was NaN')
    return this.#queue.push(Math.max(at, this.#now), run)
  }

  /** Schedules work `ms` virtual ms from now. */
  after(ms: number, run: TimedWork): ScheduledEvent {
    return this.schedule(this.#now + ms, run)
  }

  /** Cancels scheduled work; does nothing when it has run already. */
  cancel(due: ScheduledEvent | undefined): void {
    this.#queue.cancel(due)
  }
}

/** An event to which the host still has to add the time. */
export type WithoutAt<Event> = Event extends unknown ? Omit<Event, 'at'> : never
