import type { Clause, StoryEntry, ServerLife, SentenceKey } from './picture.ts'
import { traitsOfServer } from './servers.ts'

export function say(
  at: number,
  tone: StoryEntry['tone'],
  ...clauses: readonly (Clause | undefined)[]
): StoryEntry {
  return { at, tone, clauses: clauses.filter((each) => each !== undefined) }
}

export function clause(key: SentenceKey, params: Clause['params'] = {}): Clause {
  return { key, params }
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

/** Whether the manager notices the death of a worker by polling every half second (uvicorn); otherwise SIGCHLD wakes it (gunicorn). */
export function pollsForExits(server: ServerLife): boolean {
  return traitsOfServer(server).noticesDeaths === 'polling'
}
