/**
 * The number in `SEED`.
 *
 * @throws Error when it is no whole number
 */
export function seedOf(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`SEED: expected a whole number, got "${text}"`)
  return number
}
