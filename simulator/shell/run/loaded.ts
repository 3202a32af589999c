import type { System } from '../../machine/system.ts'
import { wait, type Flow } from './flow.ts'

/**
 * Loads code that few sessions use. Like a program that is loaded later, it takes no virtual time. `undefined` when it cannot be loaded.
 */
export function* loadCode<T>(system: System, load: () => Promise<T>): Flow<T | undefined> {
  let code: T | undefined
  system.after(0, async () => {
    code = await load().catch(() => undefined)
  })
  yield* wait<undefined>((resume) => system.after(0, () => resume(undefined)))
  return code
}
