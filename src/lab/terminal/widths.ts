import type { IUnicodeVersionProvider } from '@xterm/xterm'
import { width } from '../../../simulator/terminal/index.ts'

/** How wide characters are, for the emulator: as wide as the programs take them to be, whose lines would else break elsewhere. */
export const widths: IUnicodeVersionProvider = {
  version: 'server-workers',
  wcwidth: widthOf,
  charProperties(codepoint, preceding) {
    const own = widthOf(codepoint)
    const before = (preceding >> 1) & 3
    // A mark joins what stands before it, as long as that has a width.
    const joins = own === 0 && before !== 0
    return ((joins ? before : own) << 1) | (joins ? 1 : 0)
  },
}

function widthOf(codepoint: number): 0 | 1 | 2 {
  if (codepoint < 0x20) return 0
  if (codepoint < 0x7f) return 1
  // Half of a pair stands alone.
  if (codepoint >= 0xd800 && codepoint <= 0xdfff) return 1
  return width(String.fromCodePoint(codepoint)) as 0 | 1 | 2
}
