const MINUTE = 60_000

/**
 * Load averages: how many processes run, wait for a core, or wait for the disk, averaged over 1, 5 and 15 minutes
 * (Linux, kernel/sched/loadavg.c; there sampled every 5 s, here without steps).
 */
export class LoadAverage {
  #values: readonly [number, number, number] = [0, 0, 0]

  get values(): readonly [number, number, number] {
    return this.#values
  }

  /** `count` such processes existed for the last `ms` milliseconds. */
  pass(ms: number, count: number): void {
    const [one, five, fifteen] = this.#values
    if (count === 0 && one === 0 && five === 0 && fifteen === 0) return
    this.#values = [
      fade(one, count, ms, MINUTE),
      fade(five, count, ms, 5 * MINUTE),
      fade(fifteen, count, ms, 15 * MINUTE),
    ]
  }
}

function fade(value: number, count: number, ms: number, over: number): number {
  const kept = Math.exp(-ms / over)
  return value * kept + count * (1 - kept)
}
