import type { Program } from '../../manager/settings.ts'

/** How long things take on the simulated machine, as ranges in virtual milliseconds; a seed draws from them. */
export interface Profile {
  /** From `fork` to the application's import in a spawned worker: a new interpreter boots and imports the server. */
  readonly spawn: Readonly<Record<Program, readonly [number, number]>>
  /** The same for a forked worker, which is a copy of its parent. */
  readonly fork: readonly [number, number]
  /** The program before it does anything: imports of the server itself. */
  readonly launch: readonly [number, number]
  /** What importing a small application costs, beside its own computing. */
  readonly import: readonly [number, number]
  /** From the end of the program to the end of the process. */
  readonly leave: readonly [number, number]
  /** Sometimes leaving takes long: what makes the races of the originals. */
  readonly slowLeave: readonly [number, number]
  /** How often that is on the busiest machine. */
  readonly slowLeaves: number
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
  spawn: { uvicorn: [120, 450], fastapi: [250, 1200], gunicorn: [120, 450] },
  fork: [2, 10],
  launch: [80, 300],
  import: [15, 90],
  leave: [15, 120],
  slowLeave: [200, 1200],
  slowLeaves: 0.9,
  notice: [0.05, 4],
  handling: [0.2, 0.6],
}
