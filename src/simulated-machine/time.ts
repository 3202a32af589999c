import type { BrowserMachine } from '../../simulator/host/browser/index.ts'

/** The maximal length of a step, in virtual ms. */
export const LONGEST_STEP = 500

/** Runs or pauses the machine's time. */
export function setRunning({ pace }: BrowserMachine, goes: boolean): void {
  if (goes && !pace.running) pace.run()
  else if (!goes && pace.running) void pace.pause()
}

/** Runs to the next event that is traced (many only reset a timer), but no further than `longest` virtual ms. */
export async function stepToNextEvent({ kernel, pace }: BrowserMachine, longest: number): Promise<void> {
  const before = kernel.recorded
  const end = kernel.now + longest
  while (kernel.recorded === before && kernel.now < end && (await pace.step()));
}
