/** Python's `int(text)`: blanks around, a sign and single underscores between digits are allowed. Nothing when it raises ValueError. */
export function pythonInt(text: string): number | undefined {
  const digits = text.trim()
  return /^[+-]?\d+(?:_\d+)*$/.test(digits) ? Number(digits.replaceAll('_', '')) : undefined
}
