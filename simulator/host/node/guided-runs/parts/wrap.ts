import { eastAsianWidth } from 'get-east-asian-width'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** The width of a text on a terminal, in columns. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += eastAsianWidth(character.codePointAt(0) ?? 0)
  return width
}

/**
 * Breaks a text into lines of at most this many columns: between words, in Chinese between any two characters, but never before a full
 * stop.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(text)) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
  }
  return [...lines, line.trimEnd()]
}

/** Words with what must not be separated from them: the blank after them, and punctuation. `kill -9` and paths are one word. */
function pieces(text: string): readonly string[] {
  const found: string[] = []
  for (const chunk of text.split(/(?<=\s)/)) {
    // Without ideographs a chunk is a word: Korean is broken at its blanks, as English is.
    if (!/\p{Script=Han}/u.test(chunk)) {
      found.push(chunk)
      continue
    }
    let open = false
    for (const { segment, isWordLike } of segmenter.segment(chunk)) {
      const opens = /^[（「“《(]$/.test(segment)
      if (
        found.length > 0 &&
        (open || (isWordLike !== true && !opens && segment !== chunk)) &&
        !chunk.startsWith(segment)
      )
        found[found.length - 1] += segment
      else found.push(segment)
      open = opens
    }
  }
  return found
}
