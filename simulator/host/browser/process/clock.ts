/** How far each read of the clock moves it: so `while (Date.now() < end)` ends, and uses that much processor time. */
const READ_US = 50

/**
 * The clock of a process: within a turn it moves by the processor time that the code uses.
 * It counts whole microseconds, so that sums are the same on every platform.
 */
export class Clock {
  #start = 0
  #epoch = 0
  #us = 0

  /** A turn begins at virtual time `now` (ms); `epoch` is the calendar time at 0. */
  begin(now: number, epoch: number): void {
    this.#start = now
    this.#epoch = epoch
    this.#us = 0
  }

  /** Processor time that the turn has used so far, in ms. */
  get cpu(): number {
    return this.#us / 1000
  }

  /** Virtual time in ms, for the simulator: reading it does not move the clock. */
  get now(): number {
    return this.#start + this.cpu
  }

  /** Virtual time in ms, for the application: reading it moves the clock. */
  read(): number {
    this.#us += READ_US
    return this.now
  }

  /** Calendar time in whole ms since 1970, for the application. */
  readDate(): number {
    return Math.floor(this.#epoch + this.read())
  }

  /** Calendar time at virtual time 0. */
  get epoch(): number {
    return this.#epoch
  }

  /** The application uses this many ms of processor time. */
  compute(ms: number): void {
    this.#us = Math.min(this.#us + Math.round(ms * 1000), Number.MAX_SAFE_INTEGER)
  }
}
