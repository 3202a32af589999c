/** Bytes as text and back, without loss: those that are no UTF-8 become lone surrogates, as with Python's `surrogateescape`. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
const ESCAPED = 0xdc00

/** The text of a file. */
export function textOf(bytes: Uint8Array): string {
  const whole = decoded(bytes)
  if (whole !== undefined) return whole
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at] ?? 0)
    const character = length === 0 ? undefined : decoded(bytes.slice(at, at + length))
    text += character ?? String.fromCharCode(ESCAPED + (bytes[at] ?? 0))
    at += character === undefined ? 1 : length
  }
  return text
}

/** The bytes of a text that `textOf` made. */
export function bytesOf(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text)
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code >= ESCAPED + 0x80 && code <= ESCAPED + 0xff) bytes.push(code - ESCAPED)
    else bytes.push(...encoder.encode(character))
  }
  return Uint8Array.from(bytes)
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** How long the character is that begins with this byte; 0 when none does. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}
