import type { Raised, Stream } from '../../manager/log.ts'
import type { AppError } from '../../manager/machine.ts'
import type { AppTarget } from '../../manager/settings.ts'

/** What crosses between the application and what it calls. */
export type Json = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>

/** A request as the application gets it. */
export interface GuestRequest {
  readonly id: number
  readonly method: string
  /** Path with its query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** What the server takes the request's scheme and client to be; `http` unless said otherwise. */
  readonly scheme?: 'http' | 'https'
  readonly client?: string
}

/** One thing that happens to the application's code. `now` is virtual time in ms since the machine started, `epoch` the calendar time at 0. */
export type GuestInput = { readonly now: number; readonly epoch: number } & (
  | { readonly type: 'import' }
  | { readonly type: 'startup' }
  | { readonly type: 'request'; readonly request: GuestRequest }
  /** The client hung up. */
  | { readonly type: 'client-gone'; readonly id: number }
  /** The earliest timer is due. */
  | { readonly type: 'wake' }
  | { readonly type: 'shutdown' }
  /** The answer to a call of the helper module: a value, or the text of an error. */
  | { readonly type: 'reply'; readonly call: number; readonly value: Json }
  | { readonly type: 'reply'; readonly call: number; readonly error: string }
  /** Somebody published on a channel that the code listens to. */
  | { readonly type: 'message'; readonly channel: string; readonly text: string }
)

/** Something that the code did in its turn; `after` is how much processor time of the turn had been used by then, in ms. */
export type GuestAct = { readonly after: number } & (
  | { readonly type: 'imported' }
  | { readonly type: 'import-failed'; readonly error: AppError }
  | { readonly type: 'started'; readonly supported: boolean }
  | { readonly type: 'startup-failed'; readonly raised: Raised }
  | { readonly type: 'stopped' }
  | { readonly type: 'shutdown-failed'; readonly raised: Raised }
  | {
      readonly type: 'head'
      readonly id: number
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly type: 'body'; readonly id: number; readonly text: string }
  | { readonly type: 'end'; readonly id: number }
  /** The handler raised before the head was sent: the worker answers 500. */
  | { readonly type: 'request-raised'; readonly id: number; readonly raised: Raised }
  | { readonly type: 'print'; readonly stream: Stream; readonly text: string }
  /** A call of the helper module: `store.get`, `database.migrate` and the like; `reply` answers it. */
  | { readonly type: 'call'; readonly call: number; readonly method: string; readonly args: readonly Json[] }
  | { readonly type: 'exit'; readonly code: number }
  /** An exception that nobody caught: the process ends with code 1 and prints it. */
  | { readonly type: 'crashed'; readonly raised: Raised }
)

/** What a turn came to: the code rested again. */
export interface GuestTurn {
  readonly acts: readonly GuestAct[]
  /** Processor time that the turn used, in ms: the process listens to nothing for so long. */
  readonly cpu: number
  /** When the earliest timer of the code is due (virtual ms), if it has any. */
  readonly wakeAt?: number
  /** Resident memory, in bytes, when it changed. */
  readonly memory?: number
  /** The code has not rested within the host's patience. `rest` settles when it does; never, when it is ended before. */
  readonly spinning?: Promise<GuestTurn>
}

/**
 * The application's code of one process: scripted in tests, a Web Worker in the page.
 * The kernel gives it one thing at a time and waits until the code rests.
 */
export interface Guest {
  turn(input: GuestInput): GuestTurn | Promise<GuestTurn>
  /** Ends the code at once, in the middle of whatever it does; a pending turn may stay unsettled. */
  end(): void
}

/** What a guest is made of. */
export interface GuestSpec {
  readonly pid: number
  readonly ppid: number
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
  readonly cwd: string
  readonly target: AppTarget
  /** The module's text, and the name of its file. */
  readonly file: string
  readonly source: string
  /** A number in [0, 1): the seed of `Math.random` in the code. */
  readonly chance: number
}

/** Makes the code of processes. */
export interface GuestFactory {
  (spec: GuestSpec): Guest
  /** This process will soon need its code: what takes time on the wall can begin, while others get theirs. It changes nothing else. */
  prepare?(pid: number): void
  /** It ended, maybe before it came to that. */
  forget?(pid: number): void
}
