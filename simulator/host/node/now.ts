/** Monotonic milliseconds. The global `performance` costs a process a module and a millisecond to look at. */
export function now(): number {
  return process.uptime() * 1000
}
