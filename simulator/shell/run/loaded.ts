import type { System } from '../../machine/system.ts'
import { wait, type Flow } from './flow.ts'

/** Code that few sessions use, loaded when it is needed. As programs that come later, it takes no virtual time. Nothing when it cannot be had. */
export function* loadCode<T>(system: System, load: () => Promise<T>): Flow<T | undefined> {
  let code: T | undefined
  system.after(0, async () => {
    code = await load().catch(() => undefined)
  })
  yield* wait<undefined>((resume) => system.after(0, () => resume(undefined)))
  return code
}
