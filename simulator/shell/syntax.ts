/** A stretch of a word: `literal` ones are taken as they stand, in others `$NAME` is replaced. */
export interface Piece {
  readonly text: string
  readonly literal: boolean
}

/** A word of a command line, before its variables are replaced. */
export interface Word {
  readonly pieces: readonly Piece[]
  /** `''` is an argument, though it is empty; an empty `$NAME` is none. */
  readonly quoted: boolean
}

/** Where output goes instead of to the terminal. */
export interface Redirect {
  readonly stream: 'stdout' | 'stderr' | 'both'
  readonly append: boolean
  readonly to: Word
}

/** One command with what stands before and behind it. */
export interface SimpleCommand {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
  /** How it depends on the one before: `;` always, `&&` after success, `||` after failure. */
  readonly after: ';' | '&&' | '||'
  /** `&`: the next one does not wait for it. */
  readonly background: boolean
  /** As it was typed. */
  readonly source: string
}

/** Why a line cannot be read; `token` is what stands in the way. */
export type SyntaxProblem =
  | { readonly problem: 'open-quote'; readonly token: string }
  | { readonly problem: 'unexpected'; readonly token: string }
  /** Real shells can, this one cannot: pipes, substitutions, loops. */
  | { readonly problem: 'unsupported'; readonly token: string }

export type Line = { readonly commands: readonly SimpleCommand[] } | SyntaxProblem

type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }

/** Reads a line as bash would, as far as this shell goes: quotes, variables, `;`, `&&`, `||`, `&`, redirection, comments. */
export function readLine(line: string): Line {
  const tokens = tokenise(line)
  if (!Array.isArray(tokens)) return tokens
  return group(line, tokens)
}

const OPERATORS = [
  '&&',
  '||',
  '&>>',
  '&>',
  '2>&1',
  '1>&2',
  '2>>',
  '2>',
  '1>>',
  '1>',
  '>>',
  '>',
  '<',
  ';',
  '&',
  '|',
  '(',
  ')',
  '\n',
]
const NUMBERED = /^[12]>/

function tokenise(line: string): Token[] | SyntaxProblem {
  const tokens: Token[] = []
  let at = 0
  while (at < line.length) {
    const rest = line.slice(at)
    // Also a no-break space, which comes along when text is copied from a page.
    const blank = /^[^\S\n]+/.exec(rest)?.[0] ?? /^\\\n/.exec(rest)?.[0]
    if (blank !== undefined) {
      at += blank.length
    } else if (rest.startsWith('#')) {
      at += /^[^\n]*/.exec(rest)?.[0].length ?? rest.length
    } else {
      const operator = OPERATORS.find((each) => rest.startsWith(each))
      if (operator !== undefined) {
        tokens.push({ kind: 'operator', text: operator, start: at, end: at + operator.length })
        at += operator.length
      } else {
        const read = readWord(line, at)
        if ('problem' in read) return read
        tokens.push({ kind: 'word', word: read.word, start: at, end: read.end })
        at = read.end
      }
    }
  }
  return tokens
}

function readWord(line: string, start: number): { word: Word; end: number } | SyntaxProblem {
  const pieces: Piece[] = []
  let quoted = false
  let at = start
  while (at < line.length) {
    const character = line.charAt(at)
    if (/[\s;&|<>()]/.test(character)) break
    if (character === "'" || character === '"') {
      const read = readQuoted(line, at)
      if ('problem' in read) return read
      pieces.push(...read.pieces)
      quoted = true
      at = read.end
    } else if (character === '\\') {
      // Before the end of a line it joins it with the next.
      if (line.charAt(at + 1) !== '\n') pieces.push({ text: line.charAt(at + 1), literal: true })
      at += 2
    } else if (character === '`' || line.startsWith('$(', at)) {
      return { problem: 'unsupported', token: character === '`' ? '`…`' : '$(…)' }
    } else {
      const plain = /^[^\s;&|<>()'"\\`$]+|^\$/.exec(line.slice(at))?.[0] ?? character
      pieces.push({ text: plain, literal: false })
      at += plain.length
    }
  }
  return { word: { pieces: joined(pieces), quoted }, end: Math.min(at, line.length) }
}

function readQuoted(line: string, start: number): { pieces: Piece[]; end: number } | SyntaxProblem {
  const quote = line.charAt(start)
  if (quote === "'") {
    const end = line.indexOf("'", start + 1)
    if (end < 0) return { problem: 'open-quote', token: quote }
    return { pieces: [{ text: line.slice(start + 1, end), literal: true }], end: end + 1 }
  }
  const pieces: Piece[] = []
  let at = start + 1
  while (at < line.length) {
    const character = line.charAt(at)
    if (character === '"') return { pieces, end: at + 1 }
    if (character === '`' || line.startsWith('$(', at)) {
      return { problem: 'unsupported', token: character === '`' ? '`…`' : '$(…)' }
    }
    if (character === '\\' && /["\\$`]/.test(line.charAt(at + 1))) {
      pieces.push({ text: line.charAt(at + 1), literal: true })
      at += 2
    } else {
      pieces.push({ text: character, literal: false })
      at += 1
    }
  }
  return { problem: 'open-quote', token: quote }
}

/** Neighbours of one kind become one piece, so that `$NAME` is whole. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (last?.literal === piece.literal)
      result[result.length - 1] = { ...piece, text: last.text + piece.text }
    else result.push(piece)
  }
  return result
}

type Draft = {
  -readonly [K in keyof SimpleCommand]: SimpleCommand[K] extends readonly (infer Each)[]
    ? Each[]
    : SimpleCommand[K]
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'for',
  'while',
  'until',
  'if',
  'case',
  'function',
  'select',
  '{',
])

function group(line: string, tokens: readonly Token[]): Line {
  const commands: SimpleCommand[] = []
  let current = emptyCommand(';')
  let start = -1
  const isEmpty = () =>
    current.words.length === 0 && current.assignments.length === 0 && current.redirects.length === 0
  const finish = (end: number): void => {
    if (!isEmpty()) commands.push({ ...current, source: line.slice(start, end).trim() })
    start = -1
  }

  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (start < 0) start = token.start
    if (token.kind === 'word') {
      const keyword = current.words.length === 0 ? KEYWORDS.has(plainText(token.word) ?? '') : false
      if (keyword) return { problem: 'unsupported', token: plainText(token.word) ?? '' }
      addWord(current, token.word)
    } else if (isRedirect(token.text)) {
      const target = tokens[index + 1]
      if (token.text === '<') return { problem: 'unsupported', token: '<' }
      if (token.text === '1>&2') continue
      if (token.text === '2>&1') {
        current.redirects = current.redirects.map((each) =>
          each.stream === 'stdout' ? { ...each, stream: 'both' } : each,
        )
        continue
      }
      if (target?.kind !== 'word') return { problem: 'unexpected', token: target?.text ?? 'newline' }
      current.redirects.push(redirect(token.text, target.word))
      index += 1
    } else if (UNSUPPORTED.has(token.text)) {
      return { problem: 'unsupported', token: token.text }
    } else if (isEmpty()) {
      if (token.text !== '\n') return { problem: 'unexpected', token: token.text }
    } else {
      current.background = token.text === '&'
      finish(token.start)
      current = emptyCommand(token.text === '&&' || token.text === '||' ? token.text : ';')
    }
  }
  if (current.after !== ';' && isEmpty()) return { problem: 'unexpected', token: 'newline' }
  finish(line.length)
  return { commands }
}

const UNSUPPORTED: ReadonlySet<string> = new Set(['|', '(', ')'])

function emptyCommand(after: SimpleCommand['after']): Draft {
  return { assignments: [], words: [], redirects: [], after, background: false, source: '' }
}

function isRedirect(operator: string): boolean {
  return operator.includes('>') || operator === '<'
}

function redirect(operator: string, to: Word): Redirect {
  const stream = operator.startsWith('&') ? 'both' : operator.startsWith('2') ? 'stderr' : 'stdout'
  return { stream, append: operator.replace(NUMBERED, '>').endsWith('>>'), to }
}

function addWord(command: Draft, word: Word): void {
  const [first] = word.pieces
  const match =
    command.words.length === 0 && first?.literal === false ? /^([A-Za-z_]\w*)=/.exec(first.text) : null
  if (first === undefined || match === null) {
    command.words.push(word)
    return
  }
  const rest = { ...first, text: first.text.slice(match[0].length) }
  const value = { pieces: [rest, ...word.pieces.slice(1)], quoted: word.quoted }
  command.assignments.push({ name: match[1] ?? '', value })
}

function plainText(word: Word): string | undefined {
  return word.pieces.length === 1 && !word.quoted ? word.pieces[0]?.text : undefined
}

/** The text of a word: `$NAME`, `${NAME}`, `$?` and `$$` are replaced. */
export function expand(word: Word, variable: (name: string) => string): string {
  return word.pieces
    .map(({ text, literal }) =>
      literal
        ? text
        : text.replace(
            /\$(?:\{([A-Za-z_]\w*|[?$!])\}|([A-Za-z_]\w*|[?$!]))/g,
            (_, braced?: string, bare?: string) => variable(braced ?? bare ?? ''),
          ),
    )
    .join('')
}

/** The arguments that words come to: an unquoted word that is empty in the end is none. */
export function expandAll(words: readonly Word[], variable: (name: string) => string): string[] {
  return words.flatMap((word) => {
    const text = expand(word, variable)
    return text === '' && !word.quoted ? [] : [text]
  })
}
