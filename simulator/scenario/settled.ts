import type { TraceEvent } from '../machine/trace.ts'
import { isReached } from './goal/judge.ts'
import type { Choice, Prediction } from './scenario.ts'

/** A run that was made: its log, and the virtual time at its end. */
export interface Finished {
  readonly trace: readonly TraceEvent[]
  readonly now: number
}

/** Which choices the runs made true: one, if the question was a good one. */
export function settled(prediction: Prediction, runs: readonly Finished[]): readonly Choice[] {
  const reached = prediction.choices.filter(
    ({ when }) => when !== 'else' && runs.every(({ trace, now }) => isReached(when, trace, now)),
  )
  return reached.length > 0 ? reached : prediction.choices.filter(({ when }) => when === 'else')
}
