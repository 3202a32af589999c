import type { CustomAccess, LogRecord } from '../manager/log.ts'
import type { AppError, BindError } from '../manager/machine.ts'
import type { Bind, Settings } from '../manager/settings.ts'
import type { ExceptionInfo } from '../manager/log.ts'
import type { SignalName } from '../manager/signals.ts'

/** Who started this worker. It decides how the worker is ended, and what it prints at its start and end. */
export type WorkerRole =
  /** uvicorn or `fastapi run` with one worker: the only process is the server. */
  | 'single'
  /** A child that uvicorn's supervisor spawned. */
  | 'spawned'
  /** A child that gunicorn's arbiter forked. */
  | 'forked'

/** The phases of a worker's life. */
export type Phase =
  | 'new'
  /** fastapi-cli 0.0.32 queries the terminal's colours in every process. */
  | 'asking'
  | 'importing'
  | 'starting'
  | 'binding'
  | 'serving'
  /** No new connections; a pause of 0.1 s before the first check for open responses. */
  | 'draining'
  | 'waiting-for-connections'
  | 'stopping'
  /** The program is over; the process takes a moment to exit. */
  | 'leaving'

/** What a new worker process knows about itself. */
export interface WorkerBirth {
  readonly pid: number
  readonly role: WorkerRole
  /** Counts the children of its manager from 1; Python names the process after it (`SpawnProcess-1`). */
  readonly age: number
  readonly settings: Settings
  /** A number in [0, 1) that this worker draws its jitter from (`--max-requests-jitter`). */
  readonly chance: number
}

/** What happens to a worker. `at` is the host's clock in milliseconds. */
export type WorkerEvent = { readonly at: number } & (
  | { readonly type: 'start' }
  /** The answer to `ask`. */
  | { readonly type: 'answered' }
  /** The process that started this one has ended. */
  | { readonly type: 'orphaned' }
  | { readonly type: 'imported' }
  | { readonly type: 'import-failed'; readonly error: AppError }
  /** The application's startup is done; `supported` is false when it has none, and then nothing is logged about it. */
  | { readonly type: 'started'; readonly supported: boolean }
  | { readonly type: 'startup-failed'; readonly raised: ExceptionInfo }
  /** Only for the role `single`, which binds its own socket. */
  | { readonly type: 'bound'; readonly binds: readonly Bind[] }
  | { readonly type: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
  /** A response's head was sent: now the request is logged. A WebSocket is accepted with 101. */
  | {
      readonly type: 'responded'
      readonly client?: { readonly host: string; readonly port: number }
      readonly method: string
      readonly target: string
      readonly httpVersion: string
      readonly status: number
    }
  /** A connection above the limit was answered with 503 (`--limit-concurrency`). */
  | { readonly type: 'turned-away' }
  /** A response was sent completely. `answer`: its data, for programs that log it only now. */
  | { readonly type: 'completed'; readonly answer?: LoggedAnswer }
  /** The handler raised; the client gets a 500. */
  | { readonly type: 'request-raised'; readonly raised: ExceptionInfo }
  /**
   * While draining: the number of connections that still have a response to finish. Reported at once after `drain`, and at every change.
   */
  | { readonly type: 'open'; readonly connections: number }
  /** The application's shutdown is done. */
  | { readonly type: 'stopped' }
  | { readonly type: 'shutdown-failed'; readonly raised: ExceptionInfo }
  | { readonly type: 'signal'; readonly signal: SignalName }
  | { readonly type: 'timer' }
)

/** What a worker wants done; the host carries it out at once and in order. */
export type WorkerEffect =
  | {
      readonly type: 'log'
      readonly record: LogRecord
      /** Logged while the process still has its signal handlers: whether a SIGINT or SIGTERM that came just before is raised again. */
      readonly signals?: 'raised-after' | 'forgotten'
    }
  /** Print a query to the terminal and wait for the answer, as a manager does (`ManagerEffect`). */
  | { readonly type: 'ask'; readonly record: LogRecord }
  | { readonly type: 'import' }
  | { readonly type: 'startup' }
  | {
      readonly type: 'bind'
      readonly binds: readonly Bind[]
      readonly backlog: number
      /** An existing file at the path of the unix socket is removed. */
      readonly replacesFile?: boolean
    }
  /** Remove the file of a unix socket, if it is there. */
  | { readonly type: 'unlink'; readonly path: string }
  /** Begin to accept connections from the listening sockets. */
  | { readonly type: 'accept' }
  /** Tell the manager that this worker is ready. */
  | { readonly type: 'ready' }
  /** gunicorn: send a heartbeat to the arbiter. */
  | { readonly type: 'heartbeat' }
  /** Stop accepting, close idle connections, let responses finish; then report `open`. */
  | {
      readonly type: 'drain'
      /** WebSockets are closed at once, with this code; else they are waited for like responses. */
      readonly webSockets?: number
    }
  /** Close the open connections: their responses are cut off. */
  | { readonly type: 'cut' }
  | { readonly type: 'shutdown' }
  | { readonly type: 'timer'; readonly ms: number }
  /** The program ends with this code; the interpreter takes a moment to exit, and meanwhile signals take their default actions. */
  | { readonly type: 'exit'; readonly code: number }
  /** The program resets its signal handler and sends itself the signal. */
  | { readonly type: 'raise'; readonly signal: SignalName }

/** A response as an access log shows it. */
export interface LoggedAnswer {
  /** Undefined when the client connected over a unix socket. */
  readonly client?: { readonly host: string; readonly port: number }
  readonly method: string
  /** Path with its query. */
  readonly target: string
  readonly httpVersion: string
  readonly status: number
  /** Size of the body in bytes. */
  readonly bytes: number
  /** Request headers. */
  readonly referer?: string
  readonly agent?: string
  /** gunicorn: set when there is a custom format. */
  readonly custom?: CustomAccess
}
