import { behaviour, type Behaviour } from './behaviour.ts'
import { EDITIONS } from './editions.ts'
import { EVENTS } from './events.ts'

export type { Behaviour, Effect, Said } from './behaviour.ts'
export { commandOf, EDITIONS, type Edition } from './editions.ts'
export { courses, POLICIES, TEN_MINUTES, type Course, type PolicyId } from './policies.ts'
export { EVENTS, type EventId } from './events.ts'

/** Program by version by event: what each does, found by the code that runs in the page. The same at every call. */
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
