import type { Stream } from '../../../manager/log.ts'
import type { AppError, BindError, Discovery } from '../../../manager/machine.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import type { WorkerBirth } from '../../../worker/life.ts'

/** The environment variable with a child process's task. It is removed before the application is loaded. */
export const TASK_VARIABLE = 'SERVER_WORKERS_TASK'

/**
 * A larger young generation while a worker boots: without it V8 collects garbage meanwhile, on several threads, which takes 7 ms of
 * processor time in each worker (Node 26). Removed from `process.execArgv` before the application is loaded.
 */
export const BOOT_FLAG = '--min-semi-space-size=2'

/** The environment variable with the sockets that a second master inherits from the first (gunicorn, SIGUSR2). */
export const SUCCESSOR_VARIABLE = 'SERVER_WORKERS_SUCCESSOR'

/** What a second master inherits. */
export interface Succession {
  /** The PID of the first master. */
  readonly of: number
  readonly sockets: readonly {
    readonly fd: number
    readonly bind: Bind
    /** Another process has bound it, and removes its file. */
    readonly isForeign?: boolean
  }[]
}

/** The task of a child process. */
export type ChildTask =
  /**
   * Run a worker on the inherited sockets `fds`, in the order of the settings' binds. Without a `birth` the worker waits for the message
   * `begin`, and meanwhile makes the sockets of `listen` listen. `do: 'listen'` makes sockets listen and nothing else.
   */
  | {
      readonly do: 'work' | 'listen'
      readonly birth?: WorkerBirthMessage
      readonly fds: readonly number[]
      readonly listen?: { readonly fds: readonly number[]; readonly backlog: number }
    }
  /** Import the application once and report what was found (see `Settings.fastapi`). */
  | {
      readonly do: 'discover'
      readonly path?: string
      readonly app?: string
      readonly entrypoint?: string
    }
  /** Import the application once, to find out whether that works (`--preload`). */
  | { readonly do: 'preload'; readonly settings: Settings }

/**
 * A child's task with its context. `token` is part of each of its messages: anything else on the channel comes from an application that
 * writes to the descriptor, and is dropped.
 */
export type Assignment = ChildTask & {
  readonly token: string
  /** It ignores SIGHUP: its manager was started by `nohup`, and leaves the signal ignored. */
  readonly ignoresHangUp?: true
}

/** What a worker is told about itself; it adds the other fields. */
export type WorkerBirthMessage = Omit<WorkerBirth, 'pid' | 'chance'>

/** A message from a child process to its parent. */
export type ChildMessage =
  | { readonly says: 'ready' }
  /** The sockets of its task listen, or the one at index `at` does not, because of this system error. */
  | { readonly says: 'listening'; readonly failure?: { readonly at: number; readonly code: string } }
  | { readonly says: 'heartbeat' }
  /** It has a query for the terminal, and prints it when the manager gives it its turn. */
  | { readonly says: 'question' }
  /** It has sent all its queries to the terminal, and answers pings from now on. */
  | { readonly says: 'awake' }
  /** Another server began to listen between our bind and this worker's listen. */
  | { readonly says: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
  /** stdout or stderr cannot be written to. */
  | { readonly says: 'output-lost'; readonly stream: Stream; readonly code: string }
  | { readonly says: 'discovered'; readonly discovery: Discovery }
  | { readonly says: 'preloaded'; readonly error?: AppError }

/** Messages from the manager to a worker: begin; you may query the terminal; your query was answered. */
export type ManagerMessage =
  | { readonly says: 'begin'; readonly birth: WorkerBirthMessage }
  | { readonly says: 'ask' }
  | { readonly says: 'answered' }
