/** The longest delay of Node's timers, in ms; a longer one would become 1 ms. */
export const LONGEST_MS = 2 ** 31 - 1

/** A delay of any length, limited to what a timer can wait. */
export function timerMs(ms: number): number {
  return Math.min(ms, LONGEST_MS)
}
