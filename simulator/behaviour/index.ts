import { behaviour, type Behaviour } from './behaviour.ts'
import { EDITIONS } from './editions.ts'
import { EVENTS } from './events.ts'

export type { Behaviour, EventOutcome, ProcessOutput } from './behaviour.ts'
export { commandOf, EDITIONS, type Edition } from './editions.ts'
export { courses, POLICIES, TEN_MINUTES, type PolicyRun, type PolicyId } from './policies.ts'
export { EVENTS, type EventId } from './events.ts'

/** What each program and version does at each event, observed on the simulated machine. Every call gives the same table. */
export async function behaviours(): Promise<Behaviour[]> {
  const table: Behaviour[] = []
  for (const event of EVENTS) {
    for (const edition of EDITIONS) {
      const found = await behaviour(edition, event)
      if (found !== undefined) table.push(found)
    }
  }
  return table
}
