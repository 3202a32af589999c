import type { LogLevel, MessagePart } from '../log.ts'
import type { ExitStatus } from '../machine.ts'
import { SIGNAL_NUMBERS } from '../signals.ts'
import { compareVersions } from '../versions.ts'

/** The named rules in which gunicorn's arbiter differs by version. */
export interface ArbiterRules {
  /**
   * Where `reap_workers()` runs. `in-handler`: in the handler of SIGCHLD, in the middle of whatever the arbiter does (20.1.0).
   * `in-loop`: SIGCHLD waits in the queue with the other signals (26.1.0).
   */
  readonly reaps: 'in-handler' | 'in-loop'
  /** How many signals a turn of the main loop handles; a turn that handles one does not check the workers (20.1.0). */
  readonly handles: 'one-a-turn' | 'all'
  /** Signals that arrive while this many are queued are dropped. */
  readonly signalQueue: number
  /** Whether it has a worker class of its own for ASGI (`asgi`). */
  readonly hasAsgiWorker: boolean
  /** Whether a thread serves a control socket. */
  readonly controlSocket: boolean
  /**
   * Whether `--timeout` applies to a worker that has never sent a heartbeat: 20.1.0 counts from its fork. Since 26 the modification time of
   * a file is compared with a monotonic clock, so a worker that hangs before its first heartbeat is never killed.
   */
  readonly timesUnreported: boolean
  /** Whether SIGHUP blocks the arbiter until the old workers have gone, for the graceful timeout at most. */
  readonly reloadWaits: boolean
  /** Whether a second SIGINT or SIGQUIT turns a graceful stop into a quick one. */
  readonly hurries: boolean
  /** Whether the arbiter reaps the workers that it killed at the end of a stop. */
  readonly reapsKilled: boolean
  /** Whether the line about a failed bind names the operating system's reason. */
  readonly saysWhyNotBound: boolean
  /** The level of the line that says that it shuts down because a worker could not boot. */
  readonly failureLevel: LogLevel
  /** The line about a worker that has ended; `undefined` when there is none. */
  readonly ended: (pid: number, status: ExitStatus) => readonly [LogLevel, ...MessagePart[]] | undefined
}

/** The rules of gunicorn `version`. Source: its `arbiter.py` and `sock.py`, and recorded runs. */
export function arbiterRules(version: string): ArbiterRules {
  return compareVersions(version, '26.0.0') >= 0 ? SINCE_26 : BEFORE_26
}

const BEFORE_26: ArbiterRules = {
  reaps: 'in-handler',
  handles: 'one-a-turn',
  signalQueue: 5,
  hasAsgiWorker: false,
  controlSocket: false,
  timesUnreported: true,
  reloadWaits: false,
  hurries: false,
  reapsKilled: false,
  saysWhyNotBound: false,
  failureLevel: 'info',
  ended: (pid, status) =>
    'code' in status
      ? undefined
      : [
          'warning',
          'Worker with pid ',
          { part: 'pid', pid },
          ` was terminated due to signal ${SIGNAL_NUMBERS[status.signal]}`,
        ],
}

const SINCE_26: ArbiterRules = {
  reaps: 'in-loop',
  handles: 'all',
  signalQueue: Infinity,
  hasAsgiWorker: true,
  controlSocket: true,
  timesUnreported: false,
  reloadWaits: true,
  hurries: true,
  reapsKilled: true,
  saysWhyNotBound: true,
  failureLevel: 'error',
  ended: (pid, status) => {
    const worker = ['Worker (pid:', { part: 'pid', pid }] as const
    if ('code' in status)
      return status.code === 0 ? undefined : ['error', ...worker, `) exited with code ${status.code}.`]
    const { signal } = status
    if (signal === 'KILL') return ['error', ...worker, ') was sent SIGKILL! Perhaps out of memory?']
    return [signal === 'TERM' ? 'info' : 'warning', ...worker, `) was sent SIG${signal}!`]
  },
}

/** Exit codes with which a worker tells the arbiter that starting more workers is useless (`WORKER_BOOT_ERROR`, `APP_LOAD_ERROR`). */
export const BOOT_FAILURES: Readonly<Record<number, string>> = {
  3: 'Worker failed to boot.',
  4: 'App failed to load.',
}

/** gunicorn 20.1.0 and 26.1.0: the main loop sleeps 1 s at most; during a stop it checks every 0.1 s. */
export const SLEEP_MS = 1000
export const STOP_POLL_MS = 100
/** Pauses of up to 0.1 s, drawn at random, between the forks of `spawn_workers`. */
export const FORK_PAUSE_MS = 100
export const BIND_ATTEMPTS = 5
export const BIND_PAUSE_MS = 1000
/** gunicorn 26.1.0: after a second SIGINT during a stop, the workers have this many ms left. */
export const QUICK_STOP_MS = 2000
/** gunicorn 26.1.0: how long the thread of the control socket may take to end, in ms (recorded: some 10 to 20 ms). */
export const CONTROL_CLOSE_MS = 30
/** gunicorn 26.1.0: from the last SIGKILL to the `waitpid` after it, in ms. */
export const REAP_MS = 1
