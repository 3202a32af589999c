/** How long things take on the simulated machine, as ranges in virtual milliseconds; a seed draws from them. */
export interface Profile {
  /** From `fork` to the first line of Python in a spawned worker: a new interpreter boots. */
  readonly spawn: readonly [number, number]
  /** The same for a forked worker, which is a copy of its parent. */
  readonly fork: readonly [number, number]
  /** The program before it does anything: imports of the server itself. */
  readonly launch: readonly [number, number]
  /** What importing a small application costs, beside its own computing. */
  readonly import: readonly [number, number]
  /** From the end of the program to the end of the process. */
  readonly leave: readonly [number, number]
  /** How often leaving takes long, and then how long: what makes the races of the originals. */
  readonly slowLeave: readonly [number, number]
  readonly slowLeaveChance: number
  /** From a signal, a connection or a death to the moment at which the process sees it. */
  readonly notice: readonly [number, number]
  /** Processor time that the server itself spends on a request. */
  readonly handling: readonly [number, number]
}

/**
 * Python 3.11 on a small shared machine. Source: the times of the recorded runs
 * (spawned workers served 0.15 to 0.6 s after the parent's first line, forked ones after 0.03 to 0.2 s;
 * processes left 0.02 to 1.2 s after their last line).
 */
export const RECORDED: Profile = {
  spawn: [130, 330],
  fork: [2, 10],
  launch: [80, 300],
  import: [15, 90],
  leave: [15, 120],
  slowLeave: [200, 1200],
  slowLeaveChance: 0.3,
  notice: [0.05, 4],
  handling: [0.2, 0.6],
}
