import type { ExceptionInfo, Stream } from '../../manager/log.ts'
import type { AppError } from '../../manager/machine.ts'
import type { HeaderList } from '../../machine/network/headers.ts'
import type { AppTarget } from '../../manager/settings.ts'

/** A value that an application passes to the helper module or gets from it. */
export type Json = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>

/** A request as the application gets it. */
export interface GuestRequest {
  readonly id: number
  readonly method: string
  /** Path with its query. */
  readonly target: string
  readonly headers: HeaderList
  readonly body?: string
  /** The client asks for a WebSocket: a head with the status 101 accepts it, and then `body` sends a message. */
  readonly upgrade?: 'websocket'
  /** The request's scheme and client as the server determined them; the scheme is `http` by default. */
  readonly scheme?: 'http' | 'https'
  readonly client?: string
}

/** A file of the machine by its absolute path, as it is now. Bytes that are no UTF-8 stand as lone surrogates, as in Python's `surrogateescape`. */
export interface DiskChange {
  readonly path: string
  /** `undefined`: it is not there any more. */
  readonly text: string | undefined
}

/**
 * An event for the application's code. `now` is virtual time in ms since the machine started, `epoch` the calendar time at 0.
 * Code that has a disk is told what others changed on it since its last turn, and which locks its process holds.
 */
export type GuestInput = {
  readonly now: number
  readonly epoch: number
  readonly disk?: readonly DiskChange[]
  readonly locks?: readonly string[]
} & (
  | { readonly type: 'import' }
  | { readonly type: 'startup' }
  | { readonly type: 'request'; readonly request: GuestRequest }
  /** A message over an open WebSocket. */
  | { readonly type: 'socket-message'; readonly id: number; readonly text: string }
  /** The client hung up, or the server has closed the WebSocket. */
  | { readonly type: 'client-gone'; readonly id: number }
  /** The earliest timer is due. */
  | { readonly type: 'wake' }
  | { readonly type: 'shutdown' }
  /** The answer to a call of the helper module: a value, or the text of an error. */
  | { readonly type: 'reply'; readonly call: number; readonly value: Json }
  | { readonly type: 'reply'; readonly call: number; readonly error: string }
  /** A message was published on a channel that the code has subscribed to. */
  | { readonly type: 'message'; readonly channel: string; readonly text: string }
)

/** An action of the code in its turn. `after`: the processor time that the turn had used by then, in ms. */
export type GuestAct = { readonly after: number } & (
  | { readonly type: 'imported' }
  | { readonly type: 'import-failed'; readonly error: AppError }
  | { readonly type: 'started'; readonly supported: boolean }
  | { readonly type: 'startup-failed'; readonly raised: ExceptionInfo }
  | { readonly type: 'stopped' }
  | { readonly type: 'shutdown-failed'; readonly raised: ExceptionInfo }
  | {
      readonly type: 'head'
      readonly id: number
      readonly status: number
      readonly headers: HeaderList
    }
  | { readonly type: 'body'; readonly id: number; readonly text: string }
  | { readonly type: 'end'; readonly id: number }
  /** The handler raised before the head was sent: the worker answers 500. */
  | { readonly type: 'request-raised'; readonly id: number; readonly raised: ExceptionInfo }
  | { readonly type: 'print'; readonly stream: Stream; readonly text: string }
  /** A call of the helper module: `store.get`, `database.migrate` and the like; `reply` answers it. */
  | { readonly type: 'call'; readonly call: number; readonly method: string; readonly args: readonly Json[] }
  /** A file was written, by its absolute path: as a whole, or only at its end (`O_APPEND`). */
  | {
      readonly type: 'file'
      readonly path: string
      readonly change: 'whole' | 'appended' | 'removed'
      readonly text: string
    }
  /** Asks for a lock on a file, or gives it back. Whether it was given is told at the next turn. */
  | { readonly type: 'lock'; readonly path: string; readonly mode: 'shared' | 'exclusive' | 'none' }
  | { readonly type: 'exit'; readonly code: number }
  /** An uncaught exception: the process prints it and ends with code 1. */
  | { readonly type: 'crashed'; readonly raised: ExceptionInfo }
)

/** The result of a turn: the code is idle again. */
export interface GuestTurn {
  readonly acts: readonly GuestAct[]
  /** Processor time that the turn used, in ms; until it is over, the process takes no events. */
  readonly cpu: number
  /** When the earliest timer of the code is due (virtual ms), if there is one. */
  readonly wakeAt?: number
  /**
   * The main thread sleeps until then (virtual ms) in the middle of its code (`time.sleep`): it uses no core and takes no event but `wake`.
   */
  readonly heldUntil?: number
  /** Resident memory in bytes, if it changed. */
  readonly memory?: number
  /**
   * The code still ran when the host's time limit for a turn was over. The promise settles when the code is idle, or never when it is ended
   * before.
   */
  readonly spinning?: Promise<GuestTurn>
}

/**
 * The application's code of one process: scripted in tests, a Web Worker in the page. The kernel gives it one event at a time and waits
 * until the code is idle.
 */
export interface Guest {
  turn(input: GuestInput): GuestTurn | Promise<GuestTurn>
  /** Ends the code at once, whatever it is doing; a pending turn may never settle. */
  end(): void
}

/** What a guest is made from. */
export interface GuestSpec {
  readonly pid: number
  readonly ppid: number
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
  readonly cwd: string
  readonly target: AppTarget
  /** The module's text and its file: a path from the working folder when the file is in it, otherwise an absolute path. */
  readonly file: string
  readonly source: string
  /** A number in [0, 1): the seed of `Math.random` in the code. */
  readonly chance: number
}

/** Makes the code of processes. */
export interface GuestFactory {
  (spec: GuestSpec): Guest
  /** The process will soon need its code: loading may begin, in wall-clock time. Nothing else changes. */
  prepare?(pid: number): void
  /** The process ended, perhaps before its code was made. */
  forget?(pid: number): void
}
