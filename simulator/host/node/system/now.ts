/** Monotonic milliseconds. The global `performance` costs a process a module and a millisecond to look at. */
export function now(): number {
  return process.uptime() * 1000
}

/** Whoever looks at a steady clock looks again sooner than this, in ms, unless the whole process was stopped. */
const PAUSE_MS = 3000

/**
 * A clock that stands still while this process is stopped (SIGSTOP, a frozen container): what others sent meanwhile is not read yet, and
 * they are not to be judged by their silence.
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
