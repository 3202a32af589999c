/** The memory that the application took by `allocate`: counted here, real on Node. It is kept for the rest of the process. */
export class Memory {
  /** In bytes. */
  allocated = 0

  /** Takes so many bytes. */
  allocate(bytes: number): void {
    checkAmount('allocate', 'bytes', bytes)
    this.allocated += Math.ceil(bytes)
  }
}

/** @throws TypeError when an application asked for what is no amount. */
export function checkAmount(name: string, unit: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return
  throw new TypeError(`${name}() expects a number of ${unit}, got ${String(value)}`)
}
