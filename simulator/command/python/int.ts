/** Python's `int(text)`: blanks around, a sign and single underscores between digits are allowed. Nothing when it raises ValueError. */
export function pythonInt(text: string): number | undefined {
  const digits = text.trim()
  if (!/^[+-]?\d+(?:_\d+)*$/.test(digits)) return undefined
  const number = Number(digits.replaceAll('_', ''))
  // Python's integers have no end; what is larger than ours is as good as the largest.
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number))
}
