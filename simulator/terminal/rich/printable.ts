import { width } from '../width.ts'

/** `text` as rich prints it: without control characters that move the cursor, and with spaces for tabs. */
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
