import type { Figure } from '../figure.ts'
import { acceptQueue } from './accept-queue.ts'
import { blockingCall } from './blocking-call.ts'
import { rollingUpdate } from './rolling-update.ts'
import { whoGetsSigterm } from './who-gets-sigterm.ts'

/** The small figures, each with its claim (in content/figures), its control and the event that it is about. */
export const FIGURES = [
  acceptQueue,
  blockingCall,
  whoGetsSigterm,
  rollingUpdate,
] as const satisfies readonly Figure[]

/** @throws Error when there is no such figure */
export function figureOf(id: string): Figure {
  const figure = FIGURES.find((each) => each.id === id)
  if (figure === undefined) throw new Error(`Expected a figure of src/figures/all, but got "${id}".`)
  return figure
}
