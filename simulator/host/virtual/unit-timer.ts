import type { Clock } from './clock.ts'
import type { ScheduledEvent } from './queue.ts'

/** What a unit waits for at most: each wait takes the place of the one before. */
export class UnitTimer {
  readonly #clock: Clock
  #due: ScheduledEvent | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  wait(ms: number, run: () => void): void {
    this.cancel()
    if (ms !== Infinity) this.#due = this.#clock.after(ms, run)
  }

  cancel(): void {
    this.#clock.cancel(this.#due)
  }
}
