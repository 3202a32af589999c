import type { BindError, Discovery } from '../../manager/machine.ts'
import type { Bind } from '../../manager/settings.ts'
import type { WorkerBirth } from '../../worker/life.ts'

/** The variable in which a child process finds its task. It is taken out before the application is loaded. */
export const TASK_VARIABLE = 'SERVER_WORKERS_TASK'

/** What a child process is started for. */
export type ChildTask =
  /** Lead the life of a worker on the inherited sockets `fds`, in the order of the settings' binds. */
  | {
      readonly do: 'work'
      readonly birth: Omit<WorkerBirth, 'pid' | 'chance'>
      readonly fds: readonly number[]
    }
  /** Import the application once and say what was found (see `Settings.fastapi`). */
  | { readonly do: 'discover'; readonly path?: string; readonly app?: string }
  /** Make the inherited socket a listening one, and end: with 0, or with the number of the system's error. */
  | { readonly do: 'listen'; readonly fd: number; readonly backlog: number }

/** What a child process says to the one that started it. */
export type ChildMessage =
  | { readonly says: 'ready' }
  | { readonly says: 'heartbeat' }
  /** Another server began to listen between our bind and this worker's listen. */
  | { readonly says: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
  | { readonly says: 'discovered'; readonly discovery: Discovery }

/** Says something to the process that started this one. Nobody listens when it is gone. */
export function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message)
}
