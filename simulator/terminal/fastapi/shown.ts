import { highlight } from '../rich/highlight.ts'
import { REPR } from '../rich/repr.ts'
import type { Style } from '../rich/style.ts'
import type { StyledString, Text } from '../rich/text.ts'
import { assemble } from '../rich/text.ts'

/** Text as rich's console prints it: explicit styles win over automatic highlights. */
export function shown(...pieces: readonly StyledString[]): Text {
  return highlight(assemble(...pieces), REPR)
}

/** A hyperlink. rich gives it a random id; here the id is derived from the address and its position, so that every run prints the same. */
export function linked(url: string, nth: number): readonly [string, Style] {
  return [url, { link: { url, id: linkId(url, nth) } }]
}

/** A number below a million for the nth link of a banner (FNV-1a), the same whenever it is printed. */
function linkId(url: string, nth: number): number {
  let hash = 0x811c9dc5
  for (const character of `${url} ${nth}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash % 1_000_000
}
