/**
 * Python's `int(text)`: surrounding blanks, a sign and single underscores between digits are allowed. `undefined` where Python raises
 * ValueError.
 */
export function pythonInt(text: string): number | undefined {
  const digits = text.trim()
  if (!/^[+-]?\d+(?:_\d+)*$/.test(digits)) return undefined
  const number = Number(digits.replaceAll('_', ''))
  // Python's integers are unlimited; a larger one is cut to the largest number here.
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number))
}
