import type { Scenario } from './scenario.ts'
import { serverWorkers } from './server-workers/index.ts'

export { TERMINALS, type Scenario, type TerminalName } from './scenario.ts'

const SCENARIOS: readonly Scenario[] = [serverWorkers]

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
