/** The longest time that a timer of Node's knows, in ms; of a longer one it would make 1 ms. */
export const LONGEST_MS = 2 ** 31 - 1

/** A time that somebody asked for, however long, as a timer can wait for it. */
export function timerMs(ms: number): number {
  return Math.min(ms, LONGEST_MS)
}
