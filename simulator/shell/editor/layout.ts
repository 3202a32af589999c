import { width } from '../../terminal/width.ts'
import { graphemes } from './graphemes.ts'

/** Where a line stands on the screen: how many rows it takes and where the cursor is, counted from its first row. */
export interface Layout {
  readonly rows: number
  readonly row: number
  readonly column: number
  /** The text ends exactly at the end of a row: the terminal has not moved to the next row yet. */
  readonly full: boolean
}

/** Lays out `text` from column `start` of a terminal, with the cursor at index `cursor`. A wide character is never split. */
export function layout(text: string, cursor: number, columns: number, start = 0): Layout {
  let row = 0
  let column = start
  let place = { row, column }
  for (const { text: character, at } of graphemes(text)) {
    const wide = character === '\n' ? 0 : width(character)
    if (column + wide > columns) {
      row += 1
      column = 0
    }
    if (at === cursor) place = { row, column }
    if (character === '\n') {
      row += 1
      column = 0
    } else {
      column += wide
    }
  }
  const full = column >= columns
  if (cursor >= text.length) place = full ? { row: row + 1, column: 0 } : { row, column }
  return { rows: row + (full ? 2 : 1), ...place, full }
}

/** The output that erases a line laid out as `old` and puts the cursor at its beginning. */
export function erase(old: Layout): string {
  return `${old.row > 0 ? `\x1b[${old.row}A` : ''}\r\x1b[J`
}

/** The output that shows `text` (which may have colours) laid out as `next`, with the cursor in place. */
export function show(text: string, next: Layout): string {
  const last = next.rows - 1
  const wrap = next.full ? '\r\n' : ''
  const up = last > next.row ? `\x1b[${last - next.row}A` : ''
  return `${text.replaceAll('\n', '\r\n')}${wrap}${up}\r${next.column > 0 ? `\x1b[${next.column}C` : ''}`
}
