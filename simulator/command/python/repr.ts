import { lookUp } from '../../manager/look-up.ts'

/** A string as Python's `repr()` writes it: in single quotes, or in double ones when it holds a single quote and no double one. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = ''
  for (const character of text) out += escaped(character, quote)
  return `${quote}${out}${quote}`
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`
  const short = lookUp(SHORT, character)
  if (short !== undefined) return short
  // What Python considers not printable: controls, separators except the blank, surrogates, private and unassigned code points.
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`
}
