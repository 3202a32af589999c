/** Monotonic milliseconds. Reading the global `performance` would cost a process a module and a millisecond. */
export function now(): number {
  return process.uptime() * 1000
}

/** Two reads of a steady clock are closer together than this, in ms, unless the whole process was stopped. */
const PAUSE_MS = 3000

/**
 * A clock that stands still while this process is stopped (SIGSTOP, a frozen container): messages that others sent meanwhile have not been
 * read yet, so their silence must not count as a timeout.
 */
export function steadyClock(): () => number {
  let last = now()
  let stopped = 0
  return () => {
    const at = now()
    if (at - last > PAUSE_MS) stopped += at - last
    last = at
    return at - stopped
  }
}
