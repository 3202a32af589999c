import type { LogRecord, ExceptionInfo } from './log.ts'
import type { Bind, Reload, TlsSettings } from './settings.ts'
import type { SignalName } from './signals.ts'

/** How a process ended: by its own exit code, or by a signal. */
export type ExitStatus = { readonly code: number } | { readonly signal: SignalName }

/** What a pure machine answers to an event: the state after it, and what is to be done, in order. */
export interface StepResult<State, Effect> {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** Why a socket could not be bound. */
export type BindError =
  | 'in-use'
  | 'not-available'
  | 'no-such-host'
  | 'not-permitted'
  /** Of a unix socket's file. */
  | 'no-such-folder'
  | 'bad-port'
  /** gunicorn looks for the files of TLS before it binds. */
  | 'no-keyfile'
  | 'no-certfile'

/** Why the application could not be loaded. `dir` is where it was looked for. */
export type AppError =
  | { readonly kind: 'no-module'; readonly module: string }
  | {
      readonly kind: 'no-attribute'
      readonly module: string
      readonly attribute: string
      /** A sentence of ours for the reader: what to type instead, where the host can tell. */
      readonly hint?: string
    }
  | { readonly kind: 'bad-import-string'; readonly typed: string }
  | { readonly kind: 'raised'; readonly raised: ExceptionInfo }

/** What `fastapi run` found: see `Settings.fastapi`. */
export type Discovery =
  | {
      readonly found: true
      /** The folder that is put on the import path, absolute. */
      readonly folder: string
      /** The file's name, e.g. `main.py`. */
      readonly file: string
      readonly module: string
      readonly attribute: string
    }
  | { readonly found: false; readonly reason: 'no-path'; readonly path: string }
  | { readonly found: false; readonly reason: 'no-default-file' }
  | {
      readonly found: false
      readonly reason: 'no-app'
      readonly folder: string
      readonly file: string
      readonly module: string
      /** The name that was asked for by `--app`; nothing when any app would have done. */
      readonly wanted?: string
      /** A sentence of ours for the reader: what to type instead, where the host can tell. */
      readonly hint?: string
    }
  | {
      readonly found: false
      readonly reason: 'raised'
      readonly folder: string
      readonly file: string
      readonly raised: ExceptionInfo
    }

/** Something that happened. `at` is the host's monotonic clock in milliseconds: virtual or real. */
export type ManagerEvent = { readonly at: number } &
  /** `successorOf`: this master was started by another one (`reexec`), whose sockets it has inherited. */
  (
    | { readonly type: 'start'; readonly pid: number; readonly successorOf?: number }
    /** The answer to `bind`. For port 0 `binds` holds the port that was given. */
    | { readonly type: 'bound'; readonly binds: readonly Bind[] }
    | { readonly type: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
    /** The answer to `discover`. */
    | { readonly type: 'discovered'; readonly discovery: Discovery }
    /** The answer to `preload`. */
    | { readonly type: 'preloaded' }
    | { readonly type: 'preload-failed'; readonly error: AppError }
    /** The answer to `fork`: comes before any other event. */
    | { readonly type: 'forked'; readonly pid: number }
    /** The answer to `reexec`: the second master's PID. Comes before any other event. */
    | { readonly type: 'reexecuted'; readonly pid: number }
    /** The process that started this one has ended. */
    | { readonly type: 'orphaned' }
    /** The answer to `control-socket`, some milliseconds later: a thread has opened it; without a path it could not. */
    | { readonly type: 'control-ready'; readonly path?: string }
    /** The answer to `ask`: the terminal has answered, or has not within a second, or there is none. */
    | { readonly type: 'answered' }
    /** A worker is ready to accept connections. */
    | { readonly type: 'ready'; readonly pid: number }
    /** A child ended. The host reaps it and says so once. */
    | { readonly type: 'exited'; readonly pid: number; readonly status: ExitStatus }
    /** A signal that this machine handles (see `handles`). */
    | { readonly type: 'signal'; readonly signal: SignalName }
    /** The answer to `ping`; none comes from a frozen or dead process. */
    | { readonly type: 'pong'; readonly pid: number }
    /** gunicorn: a worker said that it lives. */
    | { readonly type: 'heartbeat'; readonly pid: number }
    /** Watched files have changed (see `watch`): their paths as shown, below the working folder without it. */
    | { readonly type: 'changed'; readonly files: readonly string[] }
    /** The timer set last has run out. */
    | { readonly type: 'timer' }
  )

/** What a manager wants done. The host carries it out at once and in order. */
export type ManagerEffect =
  | {
      readonly type: 'bind'
      readonly binds: readonly Bind[]
      readonly backlog: number
      /** These files must exist, or nothing is bound. */
      readonly tls?: TlsSettings
      /** A file that lies where the unix socket is to be is removed; else the address is in use. */
      readonly replacesFile?: boolean
      /** The sockets are those that the first master had; nothing is bound. */
      readonly inherited?: boolean
    }
  /** Remove the file of a unix socket, if it is there. */
  | { readonly type: 'unlink'; readonly path: string }
  | { readonly type: 'discover' }
  /** From now on tell when watched files change. */
  | { readonly type: 'watch'; readonly reload: Reload }
  | { readonly type: 'preload' }
  /** Start a worker. `age` counts the workers of this manager from 1. */
  | { readonly type: 'fork'; readonly age: number }
  /** Start the silent helper that Python's multiprocessing keeps beside spawned children (resource tracker). */
  | { readonly type: 'helper' }
  /** gunicorn, SIGUSR2: start a second master beside this one, from the same command, with the sockets. */
  | { readonly type: 'reexec' }
  /** gunicorn 26: a thread (re)opens the control socket. */
  | { readonly type: 'control-socket' }
  /**
   * Print a question to the terminal and wait for the answer, a second at most. Processes ask one after the other: the original
   * locks the terminal meanwhile.
   */
  | { readonly type: 'ask'; readonly record: LogRecord }
  | { readonly type: 'kill'; readonly pid: number; readonly signal: SignalName }
  | { readonly type: 'ping'; readonly pid: number }
  | { readonly type: 'log'; readonly record: LogRecord }
  /** Set the one timer of this machine, or move it. `spreads`: it only keeps workers from starting all at once. */
  | { readonly type: 'timer'; readonly ms: number; readonly spreads?: true }
  | { readonly type: 'cancel-timer' }
  | { readonly type: 'close-listeners' }
  /** One worker only: from here on this process leads the life of a worker itself. */
  | { readonly type: 'serve' }
  | { readonly type: 'exit'; readonly code: number }

/**
 * A process manager as a pure machine: no clock, no randomness of its own, no I/O.
 * Randomness is a seed in its settings: gunicorn spaces its forks by a random time.
 */
export interface Manager<State> {
  readonly initial: State
  readonly step: (state: State, event: ManagerEvent) => StepResult<State, ManagerEffect>
  /** Whether the process has a handler for this signal now; if not, the kernel's default action is taken. */
  readonly handles: (state: State, signal: SignalName) => boolean
}
