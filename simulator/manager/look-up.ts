/**
 * Looks a word up in an object, where the word may be anything that somebody typed or sent: what every object inherits
 * (`constructor`, `__proto__`, `toString`) is not in it.
 */
export function lookUp<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  word: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, word) ? record[word] : undefined
}
