import inspect from 'object-inspect'

/** A value in an error message: `undefined`, `'text'`, `[object Router]`. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return `[function ${value.name || 'without a name'}]`
  if (typeof value !== 'object' || value === null) return inspect(value)
  return `[object ${value.constructor?.name ?? 'Object'}]`
}
