import { width } from '../width.ts'
import type { Text } from './text.ts'
import { lines, slice } from './text.ts'

/**
 * Breaks text into lines of at most `columns`, as rich 13.9 does: between words, with the space kept at the end
 * of the line if it fits; a word longer than a line is cut, and begins on a new line.
 */
export function wrap(text: Text, columns: number): Text[] {
  return lines(text).flatMap((line) => {
    const cuts = [0, ...breaks(line.plain, columns), line.plain.length]
    return cuts.slice(1).map((end, index) => dropOverhang(slice(line, cuts[index] ?? 0, end), columns))
  })
}

/** The offsets at which lines break. */
function breaks(line: string, columns: number): number[] {
  const found: number[] = []
  let column = 0
  for (const match of line.matchAll(/\s*\S+\s*/gu)) {
    const [word] = match
    const needed = width(word.trimEnd())
    if (needed <= columns - column) {
      column += width(word)
    } else if (needed > columns) {
      let start = match.index
      const pieces = chop(word, columns)
      for (const [index, piece] of pieces.entries()) {
        if (start > 0) found.push(start)
        if (index === pieces.length - 1) column = width(piece)
        else start += piece.length
      }
    } else if (column > 0 && match.index > 0) {
      found.push(match.index)
      column = width(word)
    }
  }
  return found
}

/** A long word, cut into pieces of one line each. */
function chop(word: string, columns: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let filled = 0
  for (const character of word) {
    const cells = width(character)
    if (filled + cells > columns && piece !== '') {
      pieces.push(piece)
      piece = ''
      filled = 0
    }
    piece += character
    filled += cells
  }
  pieces.push(piece)
  return pieces
}

/** A line without trailing spaces that do not fit. */
function dropOverhang(line: Text, columns: number): Text {
  const overhang = width(line.plain) - columns
  if (overhang <= 0) return line
  const blanks = line.plain.length - line.plain.trimEnd().length
  return slice(line, 0, line.plain.length - Math.min(overhang, blanks))
}
