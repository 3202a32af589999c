import { compareVersions } from '../manager/versions.ts'

/** The named rules in which the serving part of uvicorn differs by version. Source: its `server.py` and recorded runs. */
export interface WorkerRules {
  /** Signal handlers are set before the application is imported (since 0.29), or only when the server starts. */
  readonly takesSignals: 'before-import' | 'before-startup'
  /** After a clean stop the signal is raised again, so that it is what ends the process (since 0.29). */
  readonly raisesAgain: boolean
  /** Whether `Maximum request limit of N exceeded. Terminating process.` is logged (since 0.32). */
  readonly saysMaxRequests: boolean
  /** After a stop signal during startup: whether the application's shutdown runs (not before 0.50). */
  readonly stopsTidilyAtStart: boolean
  /** Whether SIGQUIT and SIGUSR1 have handlers without effect in gunicorn's worker; without handlers they end it (0.17). */
  readonly survivesInGunicorn: boolean
  /** The exit code of a spawned worker whose application could not start up: since 0.50 3. */
  readonly startupFailureCode: 0 | 3
  /** The exit code of a single process whose address cannot be bound: 1, since 0.50 3. */
  readonly bindFailureCode: 1 | 3
  /** The exit code of `Error loading ASGI app …`: 1, since 0.50 3. */
  readonly loadFailureCode: 1 | 3
}

/** The rules of the uvicorn `version` that serves. */
export function workerRules(version: string): WorkerRules {
  const since = (first: string) => compareVersions(version, first) >= 0
  return {
    takesSignals: since('0.29.0') ? 'before-import' : 'before-startup',
    raisesAgain: since('0.29.0'),
    saysMaxRequests: since('0.32.0'),
    stopsTidilyAtStart: since('0.50.0'),
    survivesInGunicorn: since('0.22.0'),
    startupFailureCode: since('0.50.0') ? 3 : 0,
    bindFailureCode: since('0.50.0') ? 3 : 1,
    loadFailureCode: since('0.50.0') ? 3 : 1,
  }
}

/** The named rules in which gunicorn's part of a worker's life differs by version. */
export interface GunicornWorkerRules {
  /** Whether the text of an exception at boot is printed once more below its traceback (26.1.0). */
  readonly repeatsException: boolean
}

/** The rules of gunicorn `version`. */
export function gunicornWorkerRules(version: string): GunicornWorkerRules {
  return { repeatsException: compareVersions(version, '26.0.0') >= 0 }
}

/** uvicorn's server wakes up every 100 ms (`main_loop`, `shutdown`). */
export const TICK_MS = 100
/** gunicorn's worker may send a heartbeat at every tenth tick, in ms. */
export const NOTIFY_MS = 1000
/** A worker that cannot start ends with this code (`STARTUP_FAILURE`, `WORKER_BOOT_ERROR`). */
export const BOOT_FAILURE = 3
/** gunicorn: the application could not be found in its module (`APP_LOAD_ERROR`). */
export const APP_LOAD_FAILURE = 4
