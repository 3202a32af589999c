import type { IUnicodeVersionProvider } from '@xterm/xterm'
import { width } from '../../../simulator/terminal/index.ts'

/** Character widths for the emulator, the same as the programs assume: otherwise their lines would wrap elsewhere. */
export const widths: IUnicodeVersionProvider = {
  version: 'server-workers',
  wcwidth: widthOf,
  charProperties(codepoint, preceding) {
    const own = widthOf(codepoint)
    const before = (preceding >> 1) & 3
    // A combining mark joins the character before it, if that has a width.
    const joins = own === 0 && before !== 0
    return ((joins ? before : own) << 1) | (joins ? 1 : 0)
  },
}

function widthOf(codepoint: number): 0 | 1 | 2 {
  if (codepoint < 0x20) return 0
  if (codepoint < 0x7f) return 1
  // A lone surrogate.
  if (codepoint >= 0xd800 && codepoint <= 0xdfff) return 1
  return width(String.fromCodePoint(codepoint)) as 0 | 1 | 2
}
