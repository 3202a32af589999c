/** A character of a pattern; a literal one has no special meaning. */
export interface PatternCharacter {
  readonly text: string
  readonly literal: boolean
}

/** The names that match a pattern, sorted; hidden ones only when the pattern begins with a dot. */
export function matching(pattern: readonly PatternCharacter[], names: readonly string[]): string[] {
  const dotted = pattern[0]?.text === '.'
  return names.filter((name) => name.startsWith('.') === dotted && matches(pattern, [...name])).toSorted()
}

/** Glob matching without backtracking over more than the last `*`: linear in practice, never exponential. */
export function matches(pattern: readonly PatternCharacter[], name: readonly string[]): boolean {
  let at = 0
  let place = 0
  let star = -1
  let resume = 0
  while (place < name.length) {
    const part = pattern[at]
    if (part !== undefined && !part.literal && part.text === '*') {
      star = at
      resume = place
      at += 1
      continue
    }
    const length = part === undefined ? 0 : one(pattern, at, name[place] ?? '')
    if (length > 0) {
      at += length
      place += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      place = resume
    } else {
      return false
    }
  }
  while (pattern[at]?.literal === false && pattern[at]?.text === '*') at += 1
  return at === pattern.length
}

/** How many characters of the pattern at `at` match this character; 0 for no match. */
function one(pattern: readonly PatternCharacter[], at: number, character: string): number {
  const part = pattern[at]
  if (part === undefined) return 0
  if (part.literal) return part.text === character ? 1 : 0
  if (part.text === '?') return 1
  if (part.text !== '[') return part.text === character ? 1 : 0
  const negated = pattern[at + 1]?.text === '!' || pattern[at + 1]?.text === '^'
  const start = at + (negated ? 2 : 1)
  const end = pattern.findIndex(({ text }, index) => index > start && text === ']')
  if (end < 0) return character === '[' ? 1 : 0
  let found = false
  for (let index = start; index < end; index++) {
    const low = pattern[index]?.text ?? ''
    const high = pattern[index + 1]?.text === '-' && index + 2 < end ? (pattern[index + 2]?.text ?? low) : low
    if (low <= character && character <= high) found = true
    if (high !== low) index += 2
  }
  return found !== negated ? end - at + 1 : 0
}
