/** A read of the clock moves it by so much: `while (Date.now() < end)` ends, and costs what it says. */
const READ_US = 50

/**
 * The clock of a process: stands still between turns, and moves in a turn by the processor time that it uses.
 * Kept in whole microseconds, so that sums come out the same everywhere.
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

  /** Virtual time in ms, for ourselves: this does not move it. */
  get now(): number {
    return this.#start + this.cpu
  }

  /** Virtual time in ms, for the application. */
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

  /** The application computes for so many ms. */
  compute(ms: number): void {
    this.#us += Math.round(ms * 1000)
  }
}
