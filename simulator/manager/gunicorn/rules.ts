/** Exit codes by which a worker tells the arbiter that starting others makes no sense (`WORKER_BOOT_ERROR`, `APP_LOAD_ERROR`). */
export const BOOT_FAILURES: Readonly<Record<number, string>> = {
  3: 'Worker failed to boot.',
  4: 'App failed to load.',
}

/** gunicorn 20.1.0 and 26.1.0: the main loop sleeps at most a second, and looks every tenth of a second while it stops. */
export const SLEEP_MS = 1000
export const STOP_POLL_MS = 100
/** Pauses of up to 0.1 s, drawn at random, between the forks of `spawn_workers`. */
export const FORK_PAUSE_MS = 100
export const BIND_ATTEMPTS = 5
export const BIND_PAUSE_MS = 1000
/** gunicorn 20.1.0: signals that come while so many wait are dropped. */
export const SIGNAL_QUEUE = 5
/** gunicorn 26.1.0: after a second SIGINT while it stops, the workers have so long (2 s). */
export const QUICK_STOP_MS = 2000
/** gunicorn 26.1.0: the thread of the control socket takes up to so long to end (recorded: some 10 to 20 ms). */
export const CONTROL_CLOSE_MS = 30
/** gunicorn 26.1.0: from the last SIGKILL to the look at who is gone. */
export const REAP_MS = 1
