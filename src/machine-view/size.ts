const MIB = 2 ** 20
/** Memory sizes of machines are multiples of this; measured sizes hardly ever are. */
const BLOCK = 64 * MIB

/** A size as text, the same everywhere: `820 MB`, `2 GB`, `1.25 GB`. The memory of a machine counts in powers of two, under the same names. */
export function size(bytes: number): string {
  const [mega, kilo] = bytes % BLOCK === 0 ? [MIB, 1024] : [1e6, 1000]
  const megabytes = Math.round(bytes / mega)
  return megabytes < kilo ? `${megabytes} MB` : `${Number((megabytes / kilo).toFixed(2))} GB`
}
