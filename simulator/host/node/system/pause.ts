const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Makes the whole process sleep, in ms: for an output that has no room just now. */
export function pause(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms)
}
