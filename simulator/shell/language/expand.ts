import type { Flow } from '../run/flow.ts'
import { arithmetic } from './arithmetic.ts'
import { isPattern, matches, matching, type PatternCharacter } from '../../machine/glob.ts'
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

/** More words than this are an error: nobody types a line that needs them. */
const MOST_WORDS = 10_000

interface Character extends PatternCharacter {
  /** A blank from a variable or a command, where words are split. */
  readonly parts: boolean
}

/** Expands words into arguments: braces, variables, commands, arithmetic, splitting, file names, in bash's order. */
export function* expandAll(words: readonly Word[], around: ExpansionContext): Flow<string[]> {
  const result: string[] = []
  for (const word of words) {
    for (const each of braces(word)) {
      for (const field of yield* fields(each, around)) result.push(...files(field, around))
      if (result.length > MOST_WORDS) return result.slice(0, MOST_WORDS)
    }
  }
  return result
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

/** Expands a word and splits it at blanks that came from variables and commands. */
function* fields(word: Word, around: ExpansionContext): Flow<Character[][]> {
  const characters: Character[] = []
  for (const [index, piece] of word.pieces.entries()) {
    if (piece.kind === 'variable' && piece.quoted && piece.variable.name === '@') {
      characters.push(...apart(around.positional))
      continue
    }
    const text =
      piece.kind === 'text'
        ? index === 0
          ? home(piece, around)
          : piece.text
        : yield* replaced(piece, around)
    const literal = piece.quoted
    const parts = !piece.quoted && piece.kind !== 'text'
    for (const each of text) characters.push({ text: each, literal, parts: parts && /[ \t\n]/.test(each) })
  }
  const found: Character[][] = []
  // "$@" without arguments gives no word at all.
  const only = word.pieces.length === 1 ? word.pieces[0] : undefined
  const isArguments = only?.kind === 'variable' && only.variable.name === '@'
  let current: Character[] | undefined = word.quoted && !isArguments ? [] : undefined
  for (const character of characters) {
    if (!character.parts) {
      current ??= []
      current.push(character)
    } else if (current !== undefined && (current.length > 0 || !word.quoted)) {
      found.push(current)
      current = undefined
    }
  }
  if (current !== undefined) found.push(current)
  return found
}

/** `"$@"`: each argument becomes a word. */
function apart(words: readonly string[]): Character[] {
  return words.flatMap((word, index) => [
    ...(index === 0 ? [] : [{ text: ' ', literal: false, parts: true }]),
    ...[...word].map((text) => ({ text, literal: true, parts: false })),
  ])
}

function files(field: readonly Character[], around: ExpansionContext): string[] {
  const text = field.map((character) => character.text).join('')
  if (!isPattern(field)) return [text]
  const found = matching(field, around.fileNames())
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
  ).map((pieces) => ({ pieces: joined(pieces), quoted: word.quoted }))
}

function alternatives(pieces: readonly WordPart[]): (readonly WordPart[])[] {
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
  const rest = alternatives(pieces.slice(close + 1))
  const inner = pieces.slice(open + 1, close)
  const choices =
    commas.length > 0
      ? [open, ...commas].flatMap((from, index) =>
          alternatives(pieces.slice(from + 1, commas[index] ?? close)),
        )
      : range(inner)
  const middle = choices ?? alternatives(inner).map((each) => [text('{'), ...each, text('}')])
  const result: (readonly WordPart[])[] = []
  for (const each of middle) {
    for (const behind of rest) {
      result.push([...before, ...each, ...behind])
      if (result.length > MOST_WORDS) return result
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
  const count = Math.min(MOST_WORDS, Math.floor(Math.abs(last - first) / step) + 1)
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
