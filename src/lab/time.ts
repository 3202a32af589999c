import type { BrowserMachine } from '../../simulator/host/browser/index.ts'

/** A step goes no further than so many virtual ms. */
export const LONGEST_STEP = 500

/** Lets the machine's time go on, or stand still. */
export function letGo({ pace }: BrowserMachine, goes: boolean): void {
  if (goes && !pace.running) pace.run()
  else if (!goes && pace.running) void pace.pause()
}

/** Goes on to the next event that leaves a trace, for many only move a timer; but no further than `longest` virtual ms. */
export async function stepOn({ kernel, pace }: BrowserMachine, longest: number): Promise<void> {
  const before = kernel.recorded
  const end = kernel.now + longest
  while (kernel.recorded === before && kernel.now < end && (await pace.step()));
}
