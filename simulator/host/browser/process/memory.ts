/** More than any machine has, and small enough to be added to other sizes without rounding. */
const MOST = 2 ** 52

/** The memory that the application allocated by `allocate`: only counted in the page, real on Node. It is never freed. */
export class Memory {
  /** In bytes. */
  allocated = 0

  /** Allocates this many bytes. */
  allocate(bytes: number): void {
    checkAmount('allocate', 'bytes', bytes)
    this.allocated = Math.min(this.allocated + Math.ceil(bytes), MOST)
  }
}

/** @throws TypeError when the value is not a number from 0 */
export function checkAmount(name: string, unit: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return
  throw new TypeError(`${name}() expects a number of ${unit}, got ${String(value)}`)
}
