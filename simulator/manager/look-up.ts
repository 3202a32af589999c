/**
 * Finds a word in an object. The word may be anything that somebody typed or sent, so inherited names (`constructor`, `__proto__`,
 * `toString`) are not found.
 */
export function lookUp<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  word: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, word) ? record[word] : undefined
}
