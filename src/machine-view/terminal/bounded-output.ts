/** A piece of output that is safe to show, and its approximate cost for the emulator: a plain character is 1. */
export interface OutputChunk {
  readonly text: string
  readonly work: number
}

/** The cost that is handed to the emulator at a time; between two pieces it can draw. */
export const WORK_AT_A_TIME = 20_000
/** How many combining marks one character may have. */
const MARKS = 8
/** Limits of a control sequence: its length, its largest number, and how many numbers it has. */
const LONGEST_SEQUENCE = 256
const LARGEST = 9999
const NUMBERS = 32
/** Limits of hyperlinks: the length of a URL, and how many there are on a screen. */
const LONGEST_LINK = 2048
const LINKS = 500
/** The cost of scrolling a whole line, in plain characters. */
const LINE_WORK = 50

const ESC = '\x1b'
/** The 7-bit equivalent (after ESC) of a C1 control, by its byte. */
const OF_ONE_BYTE: ReadonlyMap<string, string> = new Map([
  ['\x90', 'P'],
  ['\x98', 'X'],
  ['\x9b', '['],
  ['\x9c', '\\'],
  ['\x9d', ']'],
  ['\x9e', '^'],
  ['\x9f', '_'],
])
/** Sequences that make the emulator answer, which would arrive as if typed; and those that resize or move a window. */
const QUESTIONS = /[cntpq]/
/** Sequences that repeat as often as their number says: by line, and by cell. */
const LINES = /[STLM]/
const CELLS = /[@PXbIZ]/
/** A run of combining marks; and a run of characters that are neither marks nor controls. */
const MARKS_RUN = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]{1,4000}/uy
const PLAIN_RUN = /[^\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\p{Cc}]{1,4000}/uy

/**
 * Filters what programs print, so that no output can keep the emulator busy for ever: repeats beyond the screen, piles of combining
 * marks, endless sequences, and queries to the terminal. The rest is unchanged. Sequences may arrive in several pieces.
 */
export class BoundedOutput {
  /** The lines and columns of the screen. */
  readonly #size: () => { readonly rows: number; readonly columns: number }
  /** The beginning of a sequence that is not complete yet. */
  #held = ''
  #marks = 0
  #links = 0
  #linkOpen = false

  constructor(size: () => { readonly rows: number; readonly columns: number }) {
    this.#size = size
  }

  /** Resets, for an empty screen. */
  reset(): void {
    this.#held = ''
    this.#marks = 0
    this.#links = 0
    this.#linkOpen = false
  }

  /** Filters the next text, and cuts it into cheap pieces. */
  *take(text: string): Generator<OutputChunk> {
    const whole = this.#held + text
    this.#held = ''
    let piece = ''
    let work = 0
    for (let at = 0; at < whole.length;) {
      const part = this.#next(whole, at)
      if (part === undefined) {
        this.#held = whole.slice(at)
        break
      }
      piece += part.text
      work += part.work
      at = part.end
      if (work >= WORK_AT_A_TIME) {
        yield { text: piece, work }
        piece = ''
        work = 0
      }
    }
    if (piece !== '') yield { text: piece, work }
  }

  /** The character or sequence at an index; `undefined` while it is incomplete. */
  #next(text: string, at: number): (OutputChunk & { readonly end: number }) | undefined {
    const first = text.charAt(at)
    const kind = first === ESC ? text.charAt(at + 1) : OF_ONE_BYTE.get(first)
    if (kind === '') return undefined
    if (kind === undefined) return this.#plain(text, at)
    if (!/[ -~]/.test(kind)) return { text: '', work: 1, end: at + 1 }
    const body = at + (first === ESC ? 2 : 1)
    if (kind === '[') return this.#control(text, body)
    if (kind === ']') return this.#command(text, body)
    if (/[PX^_]/.test(kind)) return skipped(text, body, LONGEST_SEQUENCE)
    return this.#short(text, at, body)
  }

  #plain(text: string, at: number): OutputChunk & { readonly end: number } {
    const plain = runAt(PLAIN_RUN, text, at)
    if (plain !== '') {
      this.#marks = 0
      return { text: plain, work: plain.length, end: at + plain.length }
    }
    const marks = runAt(MARKS_RUN, text, at)
    if (marks !== '') {
      const room = Math.max(0, MARKS - this.#marks)
      this.#marks += marks.length
      return {
        text: [...marks.slice(0, 2 * room)].slice(0, room).join(''),
        work: marks.length / 4,
        end: at + marks.length,
      }
    }
    const control = text.charAt(at)
    const closing = this.#linkOpen && control === '\n' ? this.#closeLink() : ''
    return { text: closing + control, work: control === '\n' ? LINE_WORK : 1, end: at + 1 }
  }

  /** Ends a link at the end of its line: otherwise the emulator tracks every line below it. */
  #closeLink(): string {
    this.#linkOpen = false
    return `${ESC}]8;;${ESC}\\`
  }

  /** `ESC [ numbers letter`. */
  #control(text: string, body: number): (OutputChunk & { readonly end: number }) | undefined {
    let end = body
    while (end < text.length && end - body <= LONGEST_SEQUENCE && /[ -?]/.test(text.charAt(end))) end += 1
    if (end === text.length && end - body <= LONGEST_SEQUENCE) return undefined
    const letter = text.charAt(end)
    const [, prefix = '', numbers = '', between = ''] =
      /^([<=>?]*)([\d;:]*)([ -/]*)$/.exec(text.slice(body, end)) ?? []
    const whole = `${prefix}${numbers}${between}`.length === end - body
    if (!whole || end - body > LONGEST_SEQUENCE || !/[@-~]/.test(letter)) return { text: '', work: 1, end }
    const nothing = { text: '', work: 1, end: end + 1 }
    if (
      QUESTIONS.test(letter) &&
      !(letter === 'q' && between === ' ') &&
      !(letter === 'p' && between === '!')
    ) {
      return nothing
    }
    const { rows, columns } = this.#size()
    const most = LINES.test(letter) ? rows : CELLS.test(letter) ? columns : LARGEST
    const given = numbers.split(/(?<=[;:])/).slice(0, NUMBERS)
    const limited = given.map((number) => limit(number, most)).join('')
    const times = Math.min(Number.parseInt(limited, 10) || 1, most)
    const work = LINES.test(letter)
      ? times * LINE_WORK
      : CELLS.test(letter)
        ? times
        : /[JKhlp]/.test(letter)
          ? (rows * columns) / 4
          : 4
    return { text: `${ESC}[${prefix}${limited}${between}${letter}`, work, end: end + 1 }
  }

  /** `ESC ] number ; text ESC \\`: only links are let through. The others set colours and titles, or ask for them. */
  #command(text: string, body: number): (OutputChunk & { readonly end: number }) | undefined {
    const skip = skipped(text, body, LONGEST_LINK)
    if (skip === undefined) return undefined
    const [, parameters = '', address] =
      /^8;([^;]*);([^\x07\x1b\x9c]*)(?:\x07|\x1b\\|\x9c)$/.exec(text.slice(body, skip.end)) ?? []
    if (address === undefined) return skip
    if (address === '') return { ...skip, text: this.#closeLink() }
    if (this.#links >= LINKS) return skip
    this.#links += 1
    this.#linkOpen = true
    return { text: `${ESC}]8;${parameters};${address}${ESC}\\`, work: LINE_WORK, end: skip.end }
  }

  /** `ESC` and one or two more characters. */
  #short(text: string, at: number, body: number): (OutputChunk & { readonly end: number }) | undefined {
    // Some have an intermediate character.
    const between = /[ -/]/.test(text.charAt(body - 1))
    if (between && body >= text.length) return undefined
    if (between && !/[0-~]/.test(text.charAt(body))) return { text: '', work: 1, end: body }
    const end = between ? body + 1 : body
    const { rows, columns } = this.#size()
    const sequence = text.slice(at, end)
    return { text: sequence, work: /[c8DEM]$/.test(sequence) ? rows * columns : 4, end }
  }
}

/** Skips a string up to its terminator (`BEL` or `ESC \\`), or the start of one that is too long; `undefined` while it is incomplete. */
function skipped(
  text: string,
  body: number,
  longest: number,
): (OutputChunk & { readonly end: number }) | undefined {
  for (let end = body; end < text.length && end - body <= longest; end++) {
    const character = text.charAt(end)
    if (character === '\x07' || character === '\x9c') return { text: '', work: 1, end: end + 1 }
    if (character === '\x18' || character === '\x1a') return { text: '', work: 1, end: end + 1 }
    if (character !== ESC) continue
    if (end + 1 === text.length) return undefined
    return { text: '', work: 1, end: text.charAt(end + 1) === '\\' ? end + 2 : end }
  }
  return text.length - body > longest ? { text: '', work: 1, end: body + longest } : undefined
}

/** A parameter of a sequence with its separator, limited to a maximum. */
function limit(number: string, most: number): string {
  const digits = /^\d+/.exec(number)?.[0]
  if (digits === undefined) return number
  return `${Math.min(Number(digits), most)}${number.slice(digits.length)}`
}

function runAt(run: RegExp, text: string, at: number): string {
  run.lastIndex = at
  return run.exec(text)?.[0] ?? ''
}
