import type { TimedInput } from '../../scenario/session/index.ts'
import type { Desk } from './desk.ts'

/** A machine whose time can be moved on. */
export interface ReplayableMachine {
  readonly now: number
  /** Plays everything up to virtual time `until` (ms), and moves the clock there. */
  runUntil(until: number): Promise<void>
}

/**
 * Plays inputs on a fresh machine, each at its moment, and goes on to `until`. Inputs after that are not played. The same
 * inputs give the same trace, on whatever the machine's processes run.
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
