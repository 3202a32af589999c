import { gunicorn } from './gunicorn/index.ts'
import { memory } from './memory/index.ts'
import { replication } from './replication/index.ts'
import { restarts } from './restarts/index.ts'
import { https } from './https/index.ts'
import { previousSteps } from './previous-steps/index.ts'
import type { Scenario } from './scenario.ts'
import { startup } from './startup/index.ts'
import { containers } from './containers/index.ts'
import { deploy } from './deploy/index.ts'
import { serverWorkers } from './server-workers/index.ts'

export type { Condition, Count, ConditionState } from './goal/condition.ts'
export { conditionsOf, type Goal, type Pattern, type Quantity, type NumberRange } from './goal/goal.ts'
export { isReached, Judge } from './goal/judge.ts'
export { Ledger } from './goal/ledger.ts'
export { answerField } from './goal/match.ts'
export { play, type StepExecutor } from './player.ts'
export {
  HINTS,
  type Checkpoint,
  type Choice,
  type Control,
  type Prediction,
  type Scenario,
} from './scenario.ts'
export { rightChoices } from './right-choices.ts'
export type { Step } from './step.ts'
export { TERMINALS, type TerminalName } from './terminals.ts'

/** Every lab, in the order of the chapters. */
export const SCENARIOS: readonly Scenario[] = [
  serverWorkers,
  replication,
  memory,
  restarts,
  startup,
  previousSteps,
  gunicorn,
  https,
  containers,
  deploy,
]

/**
 * The scenario with this name.
 * @throws if there is none, naming those that exist.
 */
export function scenario(id: string): Scenario {
  const found = SCENARIOS.find((each) => each.id === id)
  if (found === undefined) {
    throw new Error(
      `There is no scenario "${id}". There are: ${SCENARIOS.map((each) => each.id).join(', ')}.`,
    )
  }
  return found
}
