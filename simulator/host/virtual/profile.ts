import type { ProgramName } from '../../manager/settings.ts'

/** How long things take on the simulated machine, as ranges in virtual milliseconds; a seed draws from them. */
export interface Profile {
  /** From `fork` to the application's import in a spawned worker: a new interpreter boots and imports the server. */
  readonly spawn: Readonly<Record<ProgramName, readonly [number, number]>>
  /** The same for a forked worker, which is a copy of its parent. */
  readonly fork: readonly [number, number]
  /** From then until a forked worker has signal handlers of its own. */
  readonly ownHandlers: readonly [number, number]
  /** Start of a manager: interpreter and imports of the server itself. */
  readonly launch: readonly [number, number]
  /** Importing a small application, without its own computing. */
  readonly import: readonly [number, number]
  /** Between two log lines of an exiting worker. */
  readonly lastLine: readonly [number, number]
  /** How long a process is sometimes not scheduled. */
  readonly stall: readonly [number, number]
  /** How often that happens between two of the last lines, on the busiest machine (0 to 1). */
  readonly stalls: number
  /** From the end of the program to the end of the process. */
  readonly leave: readonly [number, number]
  /** The same when it takes long, as in the races of the recordings. */
  readonly slowLeave: readonly [number, number]
  /** How often that happens on the busiest machine (0 to 1). */
  readonly slowLeaves: number
  /** From a signal, a connection or a death until the process notices it. */
  readonly notice: readonly [number, number]
  /** How long the thread that answers pings takes; while the interpreter imports, it hardly gets the processor. */
  readonly pong: readonly [number, number]
  readonly slowPong: readonly [number, number]
  /** Until a thread of gunicorn 26 has opened the control socket. */
  readonly control: readonly [number, number]
  /** Processor time that the server itself spends on a request. */
  readonly handling: readonly [number, number]
}

/**
 * Python 3.11 on a small shared machine, from calm to very busy. Source: the times in the recordings (spawned workers served 0.15 to 0.6 s
 * after the parent's first line, those of fastapi up to 5.8 s; forked ones after 0.03 to 0.2 s; processes ended 0.02 to 1.2 s after their
 * last line).
 */
export const RECORDED: Profile = {
  spawn: { uvicorn: [120, 700], fastapi: [250, 5500], gunicorn: [120, 700] },
  fork: [2, 10],
  ownHandlers: [0.5, 40],
  launch: [80, 300],
  import: [15, 150],
  lastLine: [0.02, 4],
  stall: [20, 250],
  stalls: 0.05,
  leave: [15, 120],
  slowLeave: [200, 1200],
  slowLeaves: 0.9,
  notice: [0.05, 4],
  pong: [0.05, 0.5],
  slowPong: [2, 60],
  control: [1, 60],
  handling: [0.2, 0.6],
}

/** The same on a machine with little other work, as a reader expects: nothing takes longer than it must. */
export const CALM: Profile = {
  ...RECORDED,
  spawn: { uvicorn: [130, 330], fastapi: [250, 450], gunicorn: [130, 330] },
  ownHandlers: [0.5, 3],
  launch: [80, 160],
  import: [15, 60],
  slowLeaves: 0.1,
  stalls: 0,
}
