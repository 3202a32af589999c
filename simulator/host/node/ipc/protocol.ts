import type { Stream } from '../../../manager/log.ts'
import type { AppError, BindError, Discovery } from '../../../manager/machine.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import type { WorkerBirth } from '../../../worker/life.ts'

/** The variable in which a child process finds its task. It is taken out before the application is loaded. */
export const TASK_VARIABLE = 'SERVER_WORKERS_TASK'

/**
 * Room for what a process makes while it boots: without it V8 collects its garbage in the midst of that, on several threads, for 7 ms of
 * processor time in each worker (Node 26). Taken out of `process.execArgv` before the application is loaded.
 */
export const BOOT_FLAG = '--min-semi-space-size=2'

/** The variable by which a second master finds the sockets of the first (gunicorn, SIGUSR2). */
export const SUCCESSOR_VARIABLE = 'SERVER_WORKERS_SUCCESSOR'

/** What a second master takes over. */
export interface Succession {
  /** The PID of the first master. */
  readonly of: number
  readonly sockets: readonly {
    readonly fd: number
    readonly bind: Bind
    /** Somebody else has bound it, and removes its file. */
    readonly isForeign?: boolean
  }[]
}

/** What a child process is started for. */
export type ChildTask =
  /**
   * Lead the life of a worker on the inherited sockets `fds`, in the order of the settings' binds. Without a `birth` the worker waits for
   * the message `begin`, and meanwhile makes the sockets of `listen` listen. `do: 'listen'` makes sockets listen and nothing else.
   */
  | {
      readonly do: 'work' | 'listen'
      readonly birth?: WorkerBirthMessage
      readonly fds: readonly number[]
      readonly listen?: { readonly fds: readonly number[]; readonly backlog: number }
    }
  /** Import the application once and say what was found (see `Settings.fastapi`). */
  | {
      readonly do: 'discover'
      readonly path?: string
      readonly app?: string
      readonly entrypoint?: string
    }
  /** Import the application once, to see whether that works (`--preload`). */
  | { readonly do: 'preload'; readonly settings: Settings }

/**
 * What a child is given. The `word` is in each of its messages: whatever else comes over the channel, from an application that writes to
 * its descriptor, is none of ours and is dropped.
 */
export type Assignment = ChildTask & {
  readonly word: string
  /** A hang-up does nothing to it: `nohup` has started its manager, which leaves the signal as it was. */
  readonly ignoresHangUp?: true
}

/** What a worker learns of itself; the rest is its own. */
export type WorkerBirthMessage = Omit<WorkerBirth, 'pid' | 'chance'>

/** What a child process says to the one that started it. */
export type ChildMessage =
  | { readonly says: 'ready' }
  /** The sockets of its task listen, or the one at this place does not, by this error of the system. */
  | { readonly says: 'listening'; readonly failure?: { readonly at: number; readonly code: string } }
  | { readonly says: 'heartbeat' }
  /** It has a question to the terminal, and prints it when it is told to. */
  | { readonly says: 'question' }
  /** It has asked the terminal all that it wanted to, and answers pings from now on. */
  | { readonly says: 'awake' }
  /** Another server began to listen between our bind and this worker's listen. */
  | { readonly says: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
  /** stdout or stderr cannot be written to. */
  | { readonly says: 'output-lost'; readonly stream: Stream; readonly code: string }
  | { readonly says: 'discovered'; readonly discovery: Discovery }
  | { readonly says: 'preloaded'; readonly error?: AppError }

/** Messages from the manager to a worker: begin, you may ask the terminal, your question was answered. */
export type ManagerMessage =
  | { readonly says: 'begin'; readonly birth: WorkerBirthMessage }
  | { readonly says: 'ask' }
  | { readonly says: 'answered' }
