import { width } from '../terminal/width.ts'
import { graphemes } from './editor/graphemes.ts'

/**
 * Our own words in lines of at most `columns`, broken at blanks and beside ideographs; what is longer than a line stands on a
 * line of its own and is left to the terminal. Every line but the first begins with `indent` blanks.
 */
export function wrap(text: string, columns: number, indent = 0): string[] {
  const lines: string[] = []
  let line = ''
  for (const chunk of chunks(text)) {
    const room = columns - (lines.length === 0 ? 0 : indent)
    if (line !== '' && width(line + chunk.trimEnd()) > room) {
      lines.push(line.trimEnd())
      line = chunk.trimStart()
    } else {
      line += chunk
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines.map((each, index) => (index === 0 ? each : ' '.repeat(indent) + each))
}

/** Closing marks, which never begin a line. */
const CLOSING = /^[，。；：、？！）》」』”’.,;:?!)]$/

/** What stays together: a word with the blank behind it, or one ideograph with the marks behind it. */
function chunks(text: string): string[] {
  const found: string[] = []
  let open = false
  for (const { text: character } of graphemes(text)) {
    // Korean has blanks between its words and is broken there alone.
    const wide = width(character) > 1 && !/\p{Script=Hangul}/u.test(character)
    const joins = open || CLOSING.test(character) || character === ' '
    if (joins && !(wide && !CLOSING.test(character)) && found.length > 0) found[found.length - 1] += character
    else found.push(character)
    open = !wide && character !== ' '
  }
  return found
}
