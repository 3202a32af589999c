import type { CustomAccess, LogRecord } from '../manager/log.ts'
import type { AppError, BindError } from '../manager/machine.ts'
import type { Bind, Settings } from '../manager/settings.ts'
import type { ExceptionInfo } from '../manager/log.ts'
import type { SignalName } from '../manager/signals.ts'

/** Who started this worker decides how it is ended and what it prints around its life. */
export type WorkerRole =
  /** uvicorn or `fastapi run` with one worker: the only process is the server. */
  | 'single'
  /** A child that uvicorn's supervisor spawned. */
  | 'spawned'
  /** A child that gunicorn's arbiter forked. */
  | 'forked'

/** Where a worker stands in its life. */
export type Phase =
  | 'new'
  /** fastapi-cli 0.0.32 asks the terminal for its colours in every process. */
  | 'asking'
  | 'importing'
  | 'starting'
  | 'binding'
  | 'serving'
  /** No new connections; the pause of 0.1 s before it looks whether responses are still open. */
  | 'draining'
  | 'waiting-for-connections'
  | 'stopping'
  /** The program is over; the process still takes a moment to leave. */
  | 'leaving'

/** What a worker is told when its process begins. */
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
  /** The application's startup is done; `supported` is false when it has none (then nothing is said of it). */
  | { readonly type: 'started'; readonly supported: boolean }
  | { readonly type: 'startup-failed'; readonly raised: ExceptionInfo }
  /** Only for the role `single`, which binds for itself. */
  | { readonly type: 'bound'; readonly binds: readonly Bind[] }
  | { readonly type: 'bind-failed'; readonly bind: Bind; readonly error: BindError }
  /** A response's head was sent: this is when the request is logged. */
  | {
      readonly type: 'responded'
      readonly client?: { readonly host: string; readonly port: number }
      readonly method: string
      readonly target: string
      readonly httpVersion: string
      readonly status: number
    }
  /** A connection too many was answered with 503 (`--limit-concurrency`). */
  | { readonly type: 'turned-away' }
  /** A response was sent whole. `answer`: what it was, for those who log it only now. */
  | { readonly type: 'completed'; readonly answer?: LoggedAnswer }
  /** The handler raised; the client gets a 500. */
  | { readonly type: 'request-raised'; readonly raised: ExceptionInfo }
  /** While draining: so many connections still have a response to finish. Comes at once after `drain` and on every change. */
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
  /** Print a question to the terminal and wait for the answer, as a manager does (`ManagerEffect`). */
  | { readonly type: 'ask'; readonly record: LogRecord }
  | { readonly type: 'import' }
  | { readonly type: 'startup' }
  | {
      readonly type: 'bind'
      readonly binds: readonly Bind[]
      readonly backlog: number
      /** A file that lies where the unix socket is to be is removed. */
      readonly replacesFile?: boolean
    }
  /** Remove the file of a unix socket, if it is there. */
  | { readonly type: 'unlink'; readonly path: string }
  /** Begin to accept connections from the listening sockets. */
  | { readonly type: 'accept' }
  /** Tell the manager that this worker is ready. */
  | { readonly type: 'ready' }
  /** gunicorn: tell the arbiter that this worker lives. */
  | { readonly type: 'heartbeat' }
  /** Stop accepting, close idle connections, let responses finish; then report `open`. */
  | { readonly type: 'drain' }
  /** Close what is still open: responses are cut off. */
  | { readonly type: 'cut' }
  | { readonly type: 'shutdown' }
  | { readonly type: 'timer'; readonly ms: number }
  /** The program ends with this code; the interpreter still takes a moment to leave, and default actions of signals apply in it. */
  | { readonly type: 'exit'; readonly code: number }
  /** The program takes its handler away and sends the signal to itself. */
  | { readonly type: 'raise'; readonly signal: SignalName }

/** An answer as an access log knows it. */
export interface LoggedAnswer {
  /** Nothing when the client came over a unix socket. */
  readonly client?: { readonly host: string; readonly port: number }
  readonly method: string
  /** Path with its query. */
  readonly target: string
  readonly httpVersion: string
  readonly status: number
  /** How many bytes its body had. */
  readonly bytes: number
  /** The request's headers of these names. */
  readonly referer?: string
  readonly agent?: string
  /** gunicorn: where there is a format of the user's own. */
  readonly custom?: CustomAccess
}
