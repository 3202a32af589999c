import { eastAsianWidth } from 'get-east-asian-width'

/** The width of `text` (without escape sequences) in columns: two for an ideograph or an emoji, none for a combining mark. */
export function width(text: string): number {
  let columns = 0
  for (const character of text) {
    columns += ZERO_WIDTH.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0)
  }
  return columns
}

/** Combining marks, invisible characters, and the vowels and final consonants that join a Korean syllable. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]/u
