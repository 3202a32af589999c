import type { Highlights } from './highlight.ts'
import type { Style } from './style.ts'

/** A letter or digit of any script, or an underscore: Python's `\w`. JavaScript's `\w` is ASCII only. */
const WORD = String.raw`[\p{L}\p{N}_]`
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`
const INSIDE = `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`
const HEX = '[0-9A-Fa-f]'

/** Tried in this order at each position of the text; the first match wins. */
const VALUES = [
  String.raw`(?<ipv4>(?:[0-9]{1,3}\.){3}[0-9]{1,3})`,
  `(?<ipv6>(?:${HEX}{1,4}::?){1,7}${HEX}{1,4})`,
  String.raw`(?<eui>(?:${HEX}{1,2}-){7}${HEX}{1,2}|(?:${HEX}{1,2}:){7}${HEX}{1,2}|(?:${HEX}{4}\.){3}${HEX}{4}`,
  String.raw`(?:${HEX}{1,2}-){5}${HEX}{1,2}|(?:${HEX}{1,2}:){5}${HEX}{1,2}|(?:${HEX}{4}\.){2}${HEX}{4})`,
  `(?<uuid>${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12})`,
  String.raw`(?<call>(?:${WORD}|\.)*?)\(`,
  `${BOUNDARY}(?<true>True)${BOUNDARY}|${BOUNDARY}(?<false>False)${BOUNDARY}|${BOUNDARY}(?<none>None)${BOUNDARY}`,
  String.raw`(?<ellipsis>\.\.\.)`,
  String.raw`(?<number>(?<!${WORD})-?[0-9]+\.?[0-9]*(?:e[-+]?\p{Nd}+?)?${BOUNDARY}|0x${HEX}*)`,
  String.raw`(?<path>${INSIDE}(?:/(?:${WORD}|[\-.+])+)*/)(?<filename>(?:${WORD}|[\-.+])*)`,
  String.raw`(?<![\\\p{L}\p{N}_])(?<string>b?'''.*?(?<!\\)'''|b?'.*?(?<!\\)'|b?""".*?(?<!\\)"""|b?".*?(?<!\\)")`,
  String.raw`(?<url>(?:file|https?|wss?)://[\-0-9a-zA-Z$_+!${'`'}\(\),.?\/;:&=%#~@]*)`,
]

const NUMBER: Style = { bold: true, color: '36', italic: false }
const ADDRESS: Style = { bold: true, color: '92' }

const PATTERNS = [
  String.raw`(?<tagStart><)(?<tagName>(?:${WORD}|[\-.:\|])*)(?<tagContents>[^]*)(?<tagEnd>>)`,
  `(?<attributeName>${WORD}{1,50})=(?<attributeValue>"?${WORD}+"?)?`,
  String.raw`(?<brace>[\]\[\{\}\(\)])`,
  // The two lines of `eui` are one alternative.
  VALUES.join('|'),
]

/** Compiled on first use: the Unicode classes take 10 ms, and most processes do not need them. */
let compiled: readonly RegExp[] | undefined

/** What rich 13.9 colours in any text that it prints: numbers, addresses, paths, strings, brackets, calls. */
export const REPR: Highlights = {
  get patterns() {
    return (compiled ??= PATTERNS.map((pattern) => new RegExp(pattern, 'dgu')))
  },
  styles: {
    tagStart: { bold: true },
    tagName: { bold: true, color: '95' },
    tagContents: { color: '39' },
    tagEnd: { bold: true },
    attributeName: { color: '33', italic: false },
    attributeValue: { color: '35', italic: false },
    brace: { bold: true },
    ipv4: ADDRESS,
    ipv6: ADDRESS,
    eui: ADDRESS,
    uuid: { color: '93', bold: false },
    call: { bold: true, color: '35' },
    true: { color: '92', italic: true },
    false: { color: '91', italic: true },
    none: { color: '35', italic: true },
    ellipsis: { color: '33' },
    number: NUMBER,
    path: { color: '35' },
    filename: { color: '95' },
    string: { color: '32', italic: false, bold: false },
    url: { underline: true, color: '94', italic: false, bold: false },
  },
}
