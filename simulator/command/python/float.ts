/** Python's `float(text)` for decimal numbers, also with an exponent. `undefined` where Python raises ValueError. */
export function pythonFloat(text: string): number | undefined {
  const digits = text.trim().replaceAll(/(?<=\d)_(?=\d)/g, '')
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits) : undefined
}
