import type { TraceEvent } from '../machine/trace.ts'
import { isReached } from './goal/judge.ts'
import type { Choice, Prediction } from './scenario.ts'

/** A finished run: its trace, and the virtual time at its end. */
export interface FinishedRun {
  readonly trace: readonly TraceEvent[]
  readonly now: number
}

/** The choices that the runs have shown to be right: exactly one, if the question is sound. */
export function rightChoices(prediction: Prediction, runs: readonly FinishedRun[]): readonly Choice[] {
  const reached = prediction.choices.filter(
    ({ when }) => when !== 'else' && runs.every(({ trace, now }) => isReached(when, trace, now)),
  )
  return reached.length > 0 ? reached : prediction.choices.filter(({ when }) => when === 'else')
}
