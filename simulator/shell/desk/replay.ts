import type { TimedInput } from '../../scenario/session/index.ts'
import type { Desk } from './desk.ts'

/** A machine whose time can be advanced. */
export interface ReplayableMachine {
  readonly now: number
  /** Plays all events up to virtual time `until` (ms). */
  runUntil(until: number): Promise<void>
}

/**
 * Plays inputs on a fresh machine, each at its time, up to `until`; later inputs are not played. The same inputs give the same trace, with
 * scripted processes and with Web Workers.
 */
export async function replay(
  machine: ReplayableMachine,
  desk: Desk,
  inputs: readonly TimedInput[],
  until: number,
): Promise<void> {
  for (const { at, ...input } of inputs) {
    if (at > until) break
    await machine.runUntil(at)
    desk.apply(input)
  }
  await machine.runUntil(until)
}
