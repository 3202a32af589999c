import { LONGEST_TEXT, MOST_WORDS } from '../../machine/limits.ts'
import type { Flow } from '../run/flow.ts'
import { arithmetic } from './arithmetic.ts'
import { matches, matching, type PatternCharacter } from '../../machine/glob.ts'
import type { WordPart, Script, Word } from './tree.ts'

/** What the expansions of words need from the shell. */
export interface ExpansionContext {
  get(name: string): string | undefined
  /** `set -u`: a variable without a value is an error. */
  readonly strict: boolean
  set(name: string, value: string): void
  /** `$1`, `$2`, …: the words of `"$@"`. */
  readonly positional: readonly string[]
  /** The output of a script, without its trailing line ends. */
  capture(script: Script): Flow<string>
  fileNames(): readonly string[]
  readonly home: string
}

/** `${NAME:?word}` without a value, or a missing value under `set -u`; the message is bash's. */
export class ParameterError extends Error {}

/** A run of characters with the same origin. */
interface Chunk {
  readonly text: string
  readonly literal: boolean
  /** Blanks that came out of a variable or a command and part words. */
  readonly parts: boolean
}

/** Expands words into arguments: braces, variables, commands, arithmetic, splitting, file names, in bash's order. */
export function* expandAll(words: readonly Word[], around: ExpansionContext): Flow<string[]> {
  const result: string[] = []
  for (const word of words) {
    for (const each of braces(word)) {
      for (const field of yield* fields(each, around)) result.push(...files(field, around))
      if (result.length > MOST_WORDS) throw tooLarge(result.length * BYTES_OF_WORD)
    }
  }
  return result
}

/** What a word takes in a list of them. */
const BYTES_OF_WORD = 16

/** bash's words when there is no memory for what an expansion comes to. */
function tooLarge(bytes: number): ParameterError {
  return new ParameterError(`xrealloc: cannot allocate ${bytes} bytes`)
}

/** Expands a word into one text, without splitting: for an assignment or a redirection. */
export function* expandOne(word: Word, around: ExpansionContext): Flow<string> {
  let text = ''
  for (const [index, piece] of word.pieces.entries()) {
    text +=
      piece.kind === 'text'
        ? index === 0
          ? home(piece, around)
          : piece.text
        : yield* replaced(piece, around)
    if (text.length > LONGEST_TEXT) throw tooLarge(text.length)
  }
  return text
}

/** Expands a word into a pattern: its quoted parts are literal. */
export function* patternOf(word: Word, around: ExpansionContext): Flow<PatternCharacter[]> {
  const characters: PatternCharacter[] = []
  for (const piece of word.pieces) {
    const text = piece.kind === 'text' ? piece.text : yield* replaced(piece, around)
    for (const each of text) characters.push({ text: each, literal: piece.quoted })
  }
  return characters
}

/** `${NAME%pattern}` and the like: removes the shortest or the longest match. */
function cut(value: string, operator: string, pattern: readonly PatternCharacter[]): string {
  const characters = [...value]
  const atEnd = operator.startsWith('%')
  const lengths = Array.from({ length: characters.length + 1 }, (_, length) => length)
  for (const length of operator.length === 2 ? lengths.toReversed() : lengths) {
    const at = atEnd ? characters.length - length : length
    const [left, right] = [characters.slice(0, at), characters.slice(at)]
    if (matches(pattern, atEnd ? right : left)) return (atEnd ? left : right).join('')
  }
  return value
}

/** Expands the variables and commands in an arithmetic expression and evaluates it. An empty expression is 0. */
export function* evaluateArithmetic(expression: Word, around: ExpansionContext): Flow<number> {
  const text = yield* expandOne(expression, around)
  return arithmetic(text.replaceAll('"', ''), {
    get: (name) => around.get(name) ?? '',
    set: (name, value) => around.set(name, value),
  })
}

function* replaced(piece: Exclude<WordPart, { kind: 'text' }>, around: ExpansionContext): Flow<string> {
  switch (piece.kind) {
    case 'found':
      return piece.text
    case 'command':
      return yield* around.capture(piece.script)
    case 'arithmetic':
      return String(yield* evaluateArithmetic(piece.expression, around))
    case 'variable': {
      const { name, operator, operand } = piece.variable
      const value = around.get(name)
      if (value === undefined && around.strict && !/^[@*]$/.test(name) && !/[-+=?]/.test(operator ?? ''))
        throw new ParameterError(`${name}: unbound variable`)
      if (operator === undefined) return value ?? ''
      if (operator === 'length') return String([...(value ?? '')].length)
      if (/^[%#]/.test(operator))
        return operand === undefined
          ? (value ?? '')
          : cut(value ?? '', operator, yield* patternOf(operand, around))
      const missing = operator.startsWith(':') ? (value ?? '') === '' : value === undefined
      const word = function* (): Flow<string> {
        return operand === undefined ? '' : yield* expandOne(operand, around)
      }
      if (operator.endsWith('+')) return missing ? '' : yield* word()
      if (!missing) return value ?? ''
      const text = yield* word()
      if (operator.endsWith('=')) around.set(name, text)
      if (operator.endsWith('?'))
        throw new ParameterError(`${name}: ${text === '' ? 'parameter null or not set' : text}`)
      return text
    }
  }
}

/** Expands `~` and `~/…` at the beginning of a word. */
function home(piece: WordPart & { kind: 'text' }, around: ExpansionContext): string {
  return piece.quoted ? piece.text : piece.text.replace(/^~(?=\/|$)/, () => around.home)
}

/** A word with everything replaced, parted where blanks came out of variables and commands. */
function* fields(word: Word, around: ExpansionContext): Flow<Chunk[][]> {
  const chunks: Chunk[] = []
  let length = 0
  for (const [index, piece] of word.pieces.entries()) {
    if (piece.kind === 'variable' && piece.quoted && piece.variable.name === '@') {
      for (const chunk of apart(around.positional)) chunks.push(chunk)
      continue
    }
    const text =
      piece.kind === 'text'
        ? index === 0
          ? home(piece, around)
          : piece.text
        : yield* replaced(piece, around)
    length += text.length
    if (length > LONGEST_TEXT) throw tooLarge(length)
    const parts = !piece.quoted && piece.kind !== 'text'
    for (const run of parts ? (text.match(/[ \t\n]+|[^ \t\n]+/g) ?? []) : text === '' ? [] : [text])
      chunks.push({ text: run, literal: piece.quoted, parts: parts && /^[ \t\n]/.test(run) })
  }
  const found: Chunk[][] = []
  // "$@" without arguments is no word at all.
  const only = word.pieces.length === 1 ? word.pieces[0] : undefined
  const isArguments = only?.kind === 'variable' && only.variable.name === '@'
  let current: Chunk[] | undefined = word.quoted && !isArguments ? [] : undefined
  for (const chunk of chunks) {
    if (!chunk.parts) {
      current ??= []
      current.push(chunk)
    } else if (current !== undefined && (current.length > 0 || !word.quoted)) {
      found.push(current)
      current = undefined
    }
  }
  if (current !== undefined) found.push(current)
  return found
}

/** `"$@"`: each argument is a word of its own. */
function apart(words: readonly string[]): Chunk[] {
  return words.flatMap((text, index) => [
    ...(index === 0 ? [] : [{ text: ' ', literal: false, parts: true }]),
    ...(text === '' ? [] : [{ text, literal: true, parts: false }]),
  ])
}

function files(field: readonly Chunk[], around: ExpansionContext): string[] {
  const text = field.map((chunk) => chunk.text).join('')
  if (!field.some((chunk) => !chunk.literal && /[*?[]/.test(chunk.text))) return [text]
  const pattern = field.flatMap(({ text: run, literal }) => [...run].map((each) => ({ text: each, literal })))
  const found = matching(pattern, around.fileNames())
  return found.length > 0 ? found : [text]
}

/** Expands braces: `a{b,c}` is two words, `{1..8}` eight. Quoted braces are text. */
function braces(word: Word): Word[] {
  const plain = word.pieces.some(
    (piece) => piece.kind === 'text' && !piece.quoted && piece.text.includes('{'),
  )
  if (!plain) return [word]
  return alternatives(
    word.pieces.flatMap((piece): WordPart[] =>
      piece.kind === 'text' && !piece.quoted ? [...piece.text].map((text) => ({ ...piece, text })) : [piece],
    ),
    { left: MOST_PARTS },
  ).map((pieces) => ({ pieces: joined(pieces), quoted: word.quoted }))
}

/** The most pieces of all words that braces come to. */
const MOST_PARTS = 150_000

/** bash's words when the braces of a word come to more than there is room for. */
function noElements(count: number): ParameterError {
  return new ParameterError(`brace expansion: failed to allocate memory for ${count} elements`)
}

/** `room`: how many parts all words together may still have. */
function alternatives(pieces: readonly WordPart[], room: { left: number }): (readonly WordPart[])[] {
  const open = pieces.findIndex((piece) => isSign(piece, '{'))
  if (open < 0) return [pieces]
  let depth = 0
  const commas: number[] = []
  let close = -1
  for (let index = open; index < pieces.length; index++) {
    const piece = pieces[index]
    if (isSign(piece, '{')) depth += 1
    if (isSign(piece, ',') && depth === 1) commas.push(index)
    if (isSign(piece, '}') && --depth === 0) {
      close = index
      break
    }
  }
  const before = pieces.slice(0, open)
  if (close < 0) return [pieces]
  const rest = alternatives(pieces.slice(close + 1), room)
  const inner = pieces.slice(open + 1, close)
  const choices =
    commas.length > 0
      ? [open, ...commas].flatMap((from, index) =>
          alternatives(pieces.slice(from + 1, commas[index] ?? close), room),
        )
      : range(inner)
  const middle = choices ?? alternatives(inner, room).map((each) => [text('{'), ...each, text('}')])
  const result: (readonly WordPart[])[] = []
  for (const each of middle) {
    for (const behind of rest) {
      result.push([...before, ...each, ...behind])
      room.left -= before.length + each.length + behind.length
      if (room.left < 0) throw noElements(middle.length * rest.length)
    }
  }
  return result
}

function range(inner: readonly WordPart[]): (readonly WordPart[])[] | undefined {
  const typed = inner.map((piece) => (piece.kind === 'text' && !piece.quoted ? piece.text : '\0')).join('')
  const match = /^(-?\d{1,9}|[a-zA-Z])\.\.(-?\d{1,9}|[a-zA-Z])(?:\.\.(-?\d{1,9}))?$/.exec(typed)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  const letters = /[a-zA-Z]/.test(match[1])
  if (letters !== /[a-zA-Z]/.test(match[2])) return undefined
  const number = (end: string): number => (letters ? end.charCodeAt(0) : Number(end))
  const [first, last] = [number(match[1]), number(match[2])]
  const step = Math.max(1, Math.abs(Number(match[3] ?? 1)))
  const count = Math.floor(Math.abs(last - first) / step) + 1
  if (count > MOST_WORDS) throw noElements(count)
  const digits =
    /^-?0\d/.test(match[1]) || /^-?0\d/.test(match[2]) ? Math.max(match[1].length, match[2].length) : 0
  return Array.from({ length: count }, (_, index) => {
    const value = first + index * step * Math.sign(last - first)
    return [text(letters ? String.fromCharCode(value) : String(value).padStart(digits, '0'))]
  })
}

function isSign(piece: WordPart | undefined, sign: string): boolean {
  return piece?.kind === 'text' && !piece.quoted && piece.text === sign
}

function text(of: string): WordPart {
  return { kind: 'text', text: of, quoted: false }
}

function joined(pieces: readonly WordPart[]): WordPart[] {
  const result: WordPart[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text' && last.quoted === piece.quoted)
      result[result.length - 1] = { ...last, text: last.text + piece.text }
    else result.push(piece)
  }
  return result
}
