import type { LogRecord, ExceptionInfo } from './log.ts'
import type { Bind, Reload, TlsSettings } from './settings.ts'
import type { SignalName } from './signals.ts'

/** How a process ended: by its own exit code, or by a signal. */
export type ExitStatus = { readonly code: number } | { readonly signal: SignalName }

/** The result of giving an event to a pure state machine: its next state, and the effects to carry out, in order. */
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
  /** gunicorn checks the files of TLS before it binds. */
  | 'no-keyfile'
  | 'no-certfile'

/** Why the application could not be loaded. `dir` is the folder that was searched. */
export type AppError =
  | { readonly kind: 'no-module'; readonly module: string }
  | {
      readonly kind: 'no-attribute'
      readonly module: string
      readonly attribute: string
      /** A sentence of our own for the reader: what to type instead, if the host can tell. */
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
      /** The name given by `--app`; `undefined` when any application would do. */
      readonly wanted?: string
      /** A sentence of our own for the reader: what to type instead, if the host can tell. */
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
  /** `successorOf`: PID of the master that started this one (`reexec`), whose sockets it inherits. */
  (
    | { readonly type: 'start'; readonly pid: number; readonly successorOf?: number }
    /** The answer to `bind`. For port 0 `binds` has the port that the system chose. */
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
    /** The answer to `control-socket`, some milliseconds later: a thread has opened it; without `path` it failed. */
    | { readonly type: 'control-ready'; readonly path?: string }
    /** The answer to `ask`: the terminal has answered, or did not within a second, or there is no terminal. */
    | { readonly type: 'answered' }
    /** A worker is ready to accept connections. */
    | { readonly type: 'ready'; readonly pid: number }
    /** A child ended. The host reaps it and reports it once. */
    | { readonly type: 'exited'; readonly pid: number; readonly status: ExitStatus }
    /** A signal that this machine handles (see `handles`). */
    | { readonly type: 'signal'; readonly signal: SignalName }
    /** The answer to `ping`; none comes from a frozen or dead process. */
    | { readonly type: 'pong'; readonly pid: number }
    /** gunicorn: a worker's heartbeat. */
    | { readonly type: 'heartbeat'; readonly pid: number }
    /** Watched files have changed (see `watch`): their paths as they are printed, relative when they are below the working folder. */
    | { readonly type: 'changed'; readonly files: readonly string[] }
    /** The timer that was set last has expired. */
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
      /** An existing file at the path of the unix socket is removed; otherwise the address is in use. */
      readonly replacesFile?: boolean
      /** The sockets are those of the first master; nothing is bound. */
      readonly inherited?: boolean
    }
  /** Remove the file of a unix socket, if it is there. */
  | { readonly type: 'unlink'; readonly path: string }
  | { readonly type: 'discover' }
  /** Report changes of watched files from now on. */
  | { readonly type: 'watch'; readonly reload: Reload }
  | { readonly type: 'preload' }
  /** Start a worker. `age` counts the workers of this manager from 1. */
  | { readonly type: 'fork'; readonly age: number }
  /** Start the idle helper process that Python's multiprocessing keeps beside spawned children (resource tracker). */
  | { readonly type: 'helper' }
  /** gunicorn, SIGUSR2: start a second master beside this one, from the same command, with the sockets. */
  | { readonly type: 'reexec' }
  /** gunicorn: tell the init system this, if it asks for it (`NOTIFY_SOCKET`). */
  | { readonly type: 'notify'; readonly text: string }
  /** gunicorn 26: a thread (re)opens the control socket. */
  | { readonly type: 'control-socket' }
  /**
   * Print a query to the terminal and wait for its answer, 1 s at most. Processes take turns: the original locks the terminal meanwhile.
   */
  | { readonly type: 'ask'; readonly record: LogRecord }
  | { readonly type: 'kill'; readonly pid: number; readonly signal: SignalName }
  | { readonly type: 'ping'; readonly pid: number }
  | { readonly type: 'log'; readonly record: LogRecord }
  /** Set or move this machine's only timer. `spreads`: its only purpose is that workers do not all start at once. */
  | { readonly type: 'timer'; readonly ms: number; readonly spreads?: true }
  | { readonly type: 'cancel-timer' }
  | { readonly type: 'close-listeners' }
  /** One worker only: from now on this process is a worker itself. */
  | { readonly type: 'serve' }
  | { readonly type: 'exit'; readonly code: number }

/**
 * A process manager as a pure state machine: no clock, no randomness, no I/O. Randomness is a seed in its state: gunicorn's pauses between
 * forks are random.
 */
export interface Manager<State> {
  readonly initial: State
  readonly step: (state: State, event: ManagerEvent) => StepResult<State, ManagerEffect>
  /** Whether the process has a handler for this signal now; without one the kernel takes the default action. */
  readonly handles: (state: State, signal: SignalName) => boolean
}
