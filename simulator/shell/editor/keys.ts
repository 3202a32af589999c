/** A key as the line editor knows it. */
export type Key =
  | { readonly key: 'text'; readonly text: string }
  /** Text from the clipboard: it may hold several lines, which are shown before they run. */
  | { readonly key: 'paste'; readonly text: string }
  | { readonly key: NamedKey }

export type NamedKey =
  | 'enter'
  | 'tab'
  | 'escape'
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'home'
  | 'end'
  | 'up'
  | 'down'
  | 'backspace'
  | 'delete'
  | 'delete-word'
  | 'delete-word-right'
  | 'delete-to-start'
  | 'delete-to-end'
  | 'yank'
  | 'clear'
  | 'search'
  | 'interrupt'
  | 'end-of-file'
  | 'suspend'
  | 'quit'
  | 'last-word'

/** What a terminal sends for the keys of a line editor (xterm's sequences, readline's control keys). */
const SEQUENCES: readonly (readonly [string, NamedKey])[] = [
  ['\x1b[1;5D', 'word-left'],
  ['\x1b[1;3D', 'word-left'],
  ['\x1b[1;5C', 'word-right'],
  ['\x1b[1;3C', 'word-right'],
  ['\x1b[3;5~', 'delete-word-right'],
  ['\x1b[3~', 'delete'],
  ['\x1b[1~', 'home'],
  ['\x1b[4~', 'end'],
  ['\x1b[7~', 'home'],
  ['\x1b[8~', 'end'],
  ['\x1b[A', 'up'],
  ['\x1b[B', 'down'],
  ['\x1b[C', 'right'],
  ['\x1b[D', 'left'],
  ['\x1b[H', 'home'],
  ['\x1b[F', 'end'],
  ['\x1bOA', 'up'],
  ['\x1bOB', 'down'],
  ['\x1bOC', 'right'],
  ['\x1bOD', 'left'],
  ['\x1bOH', 'home'],
  ['\x1bOF', 'end'],
  ['\x1bb', 'word-left'],
  ['\x1bf', 'word-right'],
  ['\x1bd', 'delete-word-right'],
  ['\x1b\x7f', 'delete-word'],
  ['\x1b\b', 'delete-word'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\x01', 'home'],
  ['\x02', 'left'],
  ['\x03', 'interrupt'],
  ['\x04', 'end-of-file'],
  ['\x05', 'end'],
  ['\x06', 'right'],
  ['\x07', 'escape'],
  ['\x0b', 'delete-to-end'],
  ['\x0c', 'clear'],
  ['\x0e', 'down'],
  ['\x10', 'up'],
  ['\x12', 'search'],
  ['\x15', 'delete-to-start'],
  ['\x17', 'delete-word'],
  ['\x19', 'yank'],
  ['\x1a', 'suspend'],
  ['\x1c', 'quit'],
  ['\x1b.', 'last-word'],
]

const PASTE_START = '\x1b[200~'
const PASTE_END = '\x1b[201~'
/**
 * Any other control sequence: dropped, so that it leaves nothing in the line. Among them are answers of the terminal emulator to programs
 * that query its colours (OSC) or its kind (CSI, DCS); by then the machine's own terminal has answered, in virtual time.
 */
const OTHER_SEQUENCE =
  /^\x1b(?:[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-~]|O.|[^[O])?|^[\x00-\x1f]/

/** Decodes what a terminal sent into keys. Bracketed paste is one key. */
export function decodeKeys(data: string): Key[] {
  const keys: Key[] = []
  let rest = data
  const take = (length: number): void => {
    rest = rest.slice(length)
  }
  while (rest !== '') {
    if (rest.startsWith(PASTE_START)) {
      const end = rest.indexOf(PASTE_END)
      keys.push({ key: 'paste', text: rest.slice(PASTE_START.length, end < 0 ? undefined : end) })
      take(end < 0 ? rest.length : end + PASTE_END.length)
      continue
    }
    const known = SEQUENCES.find(([sequence]) => rest.startsWith(sequence))
    const plain = /^[^\x00-\x1f\x7f]+/.exec(rest)?.[0]
    if (known !== undefined) {
      keys.push({ key: known[1] })
      take(known[0].length)
    } else if (plain !== undefined) {
      keys.push({ key: 'text', text: plain })
      take(plain.length)
    } else {
      const other = OTHER_SEQUENCE.exec(rest)?.[0] ?? rest.charAt(0)
      if (other === '\x1b') keys.push({ key: 'escape' })
      take(Math.max(1, other.length))
    }
  }
  return keys
}

/** What a terminal sends for a key: the inverse of `decodeKeys`. */
export function encodeKey(key: Key): string {
  if (key.key === 'text') return key.text
  if (key.key === 'paste') return PASTE_START + key.text + PASTE_END
  if (key.key === 'escape') return '\x07'
  return SEQUENCES.find(([, name]) => name === key.key)?.[0] ?? ''
}
