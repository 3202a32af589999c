import { eastAsianWidth } from 'get-east-asian-width'

/** How many columns a terminal gives to `text`, which holds no escapes: two for an ideograph or an emoji, none for a mark. */
export function width(text: string): number {
  let columns = 0
  for (const character of text) {
    columns += ZERO_WIDTH.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0)
  }
  return columns
}

/** Marks, what is not shown at all, and the vowels and finals that join a Korean syllable. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]/u
