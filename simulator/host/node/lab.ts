/** The memory that was filled: kept, or it would be given back. */
const kept: Uint8Array[] = []

/**
 * Keeps the processor busy for so many milliseconds, as a calculation does: the worker answers nobody else meanwhile.
 *
 * @throws TypeError when `ms` is no number of milliseconds.
 */
export function compute(ms: number): void {
  check('compute', 'milliseconds', ms)
  const end = performance.now() + ms
  while (performance.now() < end) continue
}

/**
 * Takes so many bytes of memory and keeps them for the rest of the process, as a loaded model or a cache does.
 *
 * @throws TypeError when `bytes` is no number of bytes.
 */
export function allocate(bytes: number): void {
  check('allocate', 'bytes', bytes)
  // Written to: untouched memory is only promised by the system.
  kept.push(new Uint8Array(Math.ceil(bytes)).fill(1))
}

function check(name: string, unit: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return
  throw new TypeError(`${name}() expects a number of ${unit}, got ${String(value)}`)
}
