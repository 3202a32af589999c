import { width } from '../width.ts'

/** `text` as rich prints it: without the characters that would move the cursor, and with blanks for tabs. */
export function printable(text: string): string {
  return text
    .replace(/[\b\v\f\r]/g, '')
    .split('\n')
    .map(expandTabs)
    .join('\n')
}

const TAB = 8

function expandTabs(line: string): string {
  return line
    .split('\t')
    .reduce((before, after) => `${before}${' '.repeat(TAB - (width(before) % TAB))}${after}`)
}
