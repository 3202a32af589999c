import type { Medium } from '../../api.ts'
import { hasColors } from '../../rich/style.ts'
import type { StyledString, Text } from '../../rich/text.ts'
import { assemble, render } from '../../rich/text.ts'
import { wrap } from '../../rich/wrap.ts'
import { width } from '../../width.ts'

/** A blank, two columns for an emoji or a bar, and a blank. */
const BULLET_COLUMNS = 4
/** The indentation of text without a bullet. */
const PLAIN_INDENT = 2

/** Prints text behind a bullet, on one medium. */
export interface BulletPainter {
  /** Whole lines with the bullet in front of the first; blank lines are not indented. */
  readonly block: (bullet: StyledString, text: Text) => string
  /** A line without a bullet, indented less. */
  readonly heading: (text: Text) => string
  /** What rich-toolkit prints for an empty line: one blank. */
  readonly gap: string
}

/** fastapi-cli 0.0.32's style (`FastAPIStyle`). */
export function bulletPainter(medium: Medium): BulletPainter {
  const colored = hasColors(medium)
  const indented = (first: string, columns: number, text: Text): string =>
    wrap(text, Math.max(1, medium.columns - columns))
      .map((line, index) => {
        if (line.plain.trim() === '') return '\n'
        return `${index === 0 ? first : ' '.repeat(columns)}${render(line, colored)}\n`
      })
      .join('')
  return {
    block: (bullet, text) => {
      const shown = typeof bullet === 'string' ? bullet : bullet[0]
      const room = ' '.repeat(Math.max(0, BULLET_COLUMNS - 1 - width(shown)))
      return indented(render(assemble(' ', bullet, room), colored), BULLET_COLUMNS, text)
    },
    heading: (text) => indented(' '.repeat(PLAIN_INDENT), PLAIN_INDENT, text),
    gap: ' \n',
  }
}
