import type { WordPart, Script, SyntaxProblem, Variable, Word } from './tree.ts'

export type Token =
  | {
      readonly kind: 'word'
      readonly word: Word
      readonly text: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'operator'
      readonly text: string
      /** For `((…; …; …))`: the words between the semicolons. */
      readonly words?: readonly Word[]
      readonly start: number
      readonly end: number
    }

/** Thrown by the tokenizer and the parser, and caught by `readLine`. */
export class ShellSyntaxError extends Error {
  readonly syntax: SyntaxProblem

  constructor(problem: SyntaxProblem['problem'], token: string) {
    super(`${problem}: ${token}`)
    this.syntax = { problem, token }
  }
}

/** Parses the commands between the parentheses of `$(…)`. The parser passes it in, since it needs the tokenizer in turn. */
export type ReadScript = (text: string) => Script

/** The deepest nesting of substitutions; deeper nesting is an error. */
const DEEPEST = 24

const OPERATORS = [
  '&&', '||', ';;&', ';;', ';&', '&>>', '&>', '<<<', '<<', '>>', '>&', '<&', '>|', '>', '<', ';', '&', '|&', '|', '((', '(', ')', '\n',
] // prettier-ignore

/** Splits a line into words and operators. */
export function tokenise(line: string, readScript: ReadScript, depth = 0): Token[] {
  if (depth > DEEPEST) throw new ShellSyntaxError('unsupported', '$(…)')
  const tokens: Token[] = []
  /** Here documents whose lines are still to come: the index of the delimiter's token, and whether leading tabs are removed. */
  const awaited: { readonly at: number; readonly tabs: boolean }[] = []
  const reader = new WordReader(line, readScript)
  let at = 0
  while (at < line.length) {
    const rest = line.slice(at, at + 400)
    // Also a no-break space, which is often copied along with text from a page.
    const blank = /^[^\S\n]+/.exec(rest)?.[0] ?? /^\\\n/.exec(rest)?.[0]
    const previous = tokens.at(-1)
    if (blank !== undefined) {
      at += blank.length
    } else if (rest.startsWith('#')) {
      const end = line.indexOf('\n', at)
      at = end < 0 ? line.length : end
    } else if (rest.startsWith('((') && (previous === undefined || startsCommand(previous))) {
      const end = closing(line, at + 2)
      const words = parts(line.slice(at + 2, end)).map((each) => new WordReader(each, readScript).document())
      const text = `((${line.slice(at + 2, end)}))`
      tokens.push({ kind: 'operator', text, words, start: at, end: end + 2 })
      at = end + 2
    } else {
      const operator =
        /^(?:[012](?:>>|>&|>\||>|<))(?!\()/.exec(rest)?.[0] ??
        OPERATORS.find((each) => each !== '((' && rest.startsWith(each))
      const numbered = operator !== undefined && /^\d/.test(operator)
      if (operator !== undefined && (!numbered || previous?.end !== at || previous.kind === 'operator')) {
        tokens.push({ kind: 'operator', text: operator, start: at, end: at + operator.length })
        at += operator.length
        if (operator === '\n') {
          for (const { at: place, tabs } of awaited.splice(0))
            at = hereDocument(line, at, tokens, place, tabs, readScript)
        }
      } else {
        const opening = previous?.kind === 'operator' && previous.text === '<<'
        const tabs = opening && rest.startsWith('-')
        if (tabs) at += 1
        if (opening) awaited.push({ at: tokens.length, tabs })
        // A regular expression may contain unquoted parentheses and bars.
        const pattern = previous?.kind === 'word' && previous.text === '=~'
        const { word, end } = reader.word(at, pattern ? /\s/ : ENDS_WORD)
        tokens.push({ kind: 'word', word, text: line.slice(at, end), start: at, end })
        at = end
      }
    }
  }
  const [missing] = awaited
  if (missing !== undefined) throw new ShellSyntaxError('incomplete', delimiterOf(tokens[missing.at]))
  return tokens
}

function delimiterOf(token: Token | undefined): string {
  if (token?.kind !== 'word') return ''
  return token.word.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
}

/** Reads the lines of a here document from `start` and puts them, as one word, in the delimiter's place. @returns where they end */
function hereDocument(
  line: string,
  start: number,
  tokens: Token[],
  place: number,
  tabs: boolean,
  readScript: ReadScript,
): number {
  const opening = tokens[place]
  const delimiter = delimiterOf(opening)
  const lines: string[] = []
  for (let at = start; at <= line.length;) {
    const next = line.indexOf('\n', at)
    const end = next < 0 ? line.length : next
    const whole = line.slice(at, end)
    const text = tabs ? whole.replace(/^\t+/, '') : whole
    if (text === delimiter) {
      const quoted = opening?.kind === 'word' && opening.word.quoted
      if (opening?.kind === 'word') tokens[place] = { ...opening, word: document(lines, quoted, readScript) }
      return Math.min(end + 1, line.length)
    }
    lines.push(text)
    at = end + 1
  }
  throw new ShellSyntaxError('incomplete', delimiter)
}

/** The word of a here document. Unless its delimiter was quoted, expansions that begin with `$` or a backquote are kept in it. */
function document(lines: readonly string[], quoted: boolean, readScript: ReadScript): Word {
  const text = lines.map((each) => `${each}\n`).join('')
  if (quoted) return { pieces: [{ kind: 'text', text, quoted: true }], quoted: true }
  return new WordReader(text, readScript).document()
}

/** `((` is arithmetic where a command may begin, and after `for`. */
function startsCommand(token: Token): boolean {
  if (token.kind === 'operator') return !/[<>]/.test(token.text)
  return ['for', 'while', 'until', 'if', 'do', 'then', 'else', 'elif', '!', 'time', '{'].includes(token.text)
}

/** Finds the `))` that closes what began before `at`; commands inside may contain parentheses. */
function closing(line: string, at: number): number {
  let depth = 0
  for (let index = at; index < line.length; index++) {
    const inner = substitutionEnd(line, index)
    if (inner !== undefined) {
      index = inner
      continue
    }
    const character = line.charAt(index)
    if (character === '(') depth += 1
    if (character !== ')') continue
    if (depth === 0 && line.charAt(index + 1) === ')') return index
    depth -= 1
    if (depth < 0) break
  }
  throw new ShellSyntaxError('incomplete', '))')
}

/** Finds the end of a `$(…)` or backquote that begins at `at`; `undefined` when none begins there. */
function substitutionEnd(line: string, at: number): number | undefined {
  if (line.startsWith('$(', at) && line.charAt(at + 2) !== '(') return scriptEnd(line, at + 2)
  if (line.charAt(at) !== '`') return undefined
  const end = line.indexOf('`', at + 1)
  return end < 0 ? undefined : end
}

/** Splits `((…; …; …))` at its semicolons, except those of commands inside. */
function parts(text: string): string[] {
  const found: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    at = substitutionEnd(text, at) ?? at
    if (text.charAt(at) !== ';') continue
    found.push(text.slice(from, at))
    from = at + 1
  }
  return [...found, text.slice(from)]
}

const ENDS_WORD = /[\s;&|<>()]/
const SPECIAL_NAME = /^(?:[A-Za-z_]\w*|[?$!#@*]|\d)/

class WordReader {
  readonly #line: string
  readonly #readScript: ReadScript

  readonly #depth: number

  constructor(line: string, readScript: ReadScript, depth = 0) {
    this.#line = line
    this.#readScript = readScript
    this.#depth = depth
    if (depth > DEEPEST) throw new ShellSyntaxError('unsupported', '${…}')
  }

  word(start: number, ends = ENDS_WORD): { word: Word; end: number } {
    const line = this.#line
    const pieces: WordPart[] = []
    let quoted = false
    let at = start
    while (at < line.length) {
      const character = line.charAt(at)
      if (ends.test(character)) break
      if (character === "'") {
        const end = line.indexOf("'", at + 1)
        if (end < 0) throw new ShellSyntaxError('incomplete', "'")
        pieces.push({ kind: 'text', text: line.slice(at + 1, end), quoted: true })
        quoted = true
        at = end + 1
      } else if (character === '"') {
        at = this.#doubleQuoted(at + 1, pieces)
        quoted = true
      } else if (character === '\\') {
        if (at + 1 >= line.length) throw new ShellSyntaxError('incomplete', '\\')
        // A backslash at the end of a line joins it with the next one.
        const next = [...line.slice(at + 1, at + 3)][0] ?? ''
        if (next !== '\n') pieces.push({ kind: 'text', text: next, quoted: true })
        at += 1 + next.length
      } else if (character === '$' || character === '`') {
        at = this.#replaced(at, false, pieces)
      } else {
        const end = this.#plainEnd(at, ends)
        pieces.push({ kind: 'text', text: line.slice(at, end), quoted: false })
        at = end
      }
    }
    return { word: { pieces, quoted }, end: Math.min(at, line.length) }
  }

  /** Reads the whole text as one word: like text in double quotes, in which double quotes are literal. */
  document(): Word {
    const pieces: WordPart[] = []
    this.#doubleQuoted(0, pieces, true)
    return { pieces, quoted: true }
  }

  #plainEnd(start: number, ends: RegExp): number {
    let at = start + 1
    const isPlain = (character: string): boolean => !ends.test(character) && !/['"\\`$]/.test(character)
    while (at < this.#line.length && isPlain(this.#line.charAt(at))) at += 1
    return at
  }

  #doubleQuoted(start: number, pieces: WordPart[], whole = false): number {
    const line = this.#line
    let text = ''
    const flush = (): void => {
      if (text !== '') pieces.push({ kind: 'text', text, quoted: true })
      text = ''
    }
    let at = start
    while (at < line.length) {
      const character = line.charAt(at)
      if (character === '"' && !whole) {
        flush()
        return at + 1
      }
      if (character === '\\' && (whole ? /[\\$`\n]/ : /["\\$`\n]/).test(line.charAt(at + 1))) {
        if (line.charAt(at + 1) !== '\n') text += line.charAt(at + 1)
        at += 2
      } else if (character === '$' || character === '`') {
        flush()
        at = this.#replaced(at, true, pieces)
      } else {
        text += character
        at += 1
      }
    }
    if (!whole) throw new ShellSyntaxError('incomplete', '"')
    flush()
    return at
  }

  /** Reads the expansion that begins at `at` with `$` or a backquote. @returns where it ends */
  #replaced(at: number, quoted: boolean, pieces: WordPart[]): number {
    const line = this.#line
    if (line.charAt(at) === '`') {
      const end = line.indexOf('`', at + 1)
      if (end < 0) throw new ShellSyntaxError('incomplete', '`')
      pieces.push({ kind: 'command', script: this.#readScript(line.slice(at + 1, end)), quoted })
      return end + 1
    }
    if (line.startsWith('$((', at)) {
      const end = closing(line, at + 3)
      const expression = new WordReader(line.slice(at + 3, end), this.#readScript, this.#depth + 1).document()
      pieces.push({ kind: 'arithmetic', expression, quoted })
      return end + 2
    }
    if (line.startsWith('$(', at)) {
      const end = scriptEnd(line, at + 2)
      pieces.push({ kind: 'command', script: this.#readScript(line.slice(at + 2, end)), quoted })
      return end + 1
    }
    if (line.startsWith('${', at)) {
      const end = braceEnd(line, at + 2)
      pieces.push({ kind: 'variable', variable: this.#braced(line.slice(at + 2, end)), quoted })
      return end + 1
    }
    const name = SPECIAL_NAME.exec(line.slice(at + 1))?.[0]
    if (name === undefined) {
      // $'…' and $"…" only lose their `$`.
      const before = !quoted && /['"]/.test(line.charAt(at + 1))
      if (!before) pieces.push({ kind: 'text', text: '$', quoted })
      return at + 1
    }
    pieces.push({ kind: 'variable', variable: { name }, quoted })
    return at + 1 + name.length
  }

  #braced(text: string): Variable {
    const length = /^#([A-Za-z_]\w*)$/.exec(text)?.[1]
    if (length !== undefined) return { name: length, operator: 'length' }
    const match = /^([A-Za-z_]\w*|[?$!#@*\d])(?:(:?[-=+?]|%%?|##?)([\s\S]*))?$/.exec(text)
    if (match?.[1] === undefined) throw new ShellSyntaxError('unsupported', `\${${text}}`)
    const [, name, operator, operand = ''] = match
    if (operator === undefined) return { name }
    // In a pattern an unquoted star is a wildcard.
    const cuts = /^[%#]/.test(operator)
    const inner = cuts
      ? new WordReader(operand, this.#readScript, this.#depth + 1).word(0, /^$/).word
      : new WordReader(`"${operand.replaceAll('"', '')}"`, this.#readScript, this.#depth + 1).word(0).word
    return { name, operator: operator as NonNullable<Variable['operator']>, operand: inner }
  }
}

/** Finds the `}` that closes `${`. */
function braceEnd(line: string, start: number): number {
  let depth = 0
  for (let at = start; at < line.length; at++) {
    if (line.startsWith('${', at)) depth += 1
    else if (line.charAt(at) === '}' && depth-- === 0) return at
  }
  throw new ShellSyntaxError('incomplete', '}')
}

/** Finds the `)` that closes `$(`, skipping nested and quoted parentheses. */
function scriptEnd(line: string, start: number): number {
  let depth = 0
  let at = start
  while (at < line.length) {
    const character = line.charAt(at)
    if (character === '\\') {
      at += 1
    } else if (character === "'" || character === '"') {
      const end = quoteEnd(line, at)
      if (end < 0) break
      at = end
    } else if (character === '(') {
      depth += 1
    } else if (character === ')') {
      if (depth === 0) return at
      depth -= 1
    }
    at += 1
  }
  throw new ShellSyntaxError('incomplete', ')')
}

function quoteEnd(line: string, start: number): number {
  const quote = line.charAt(start)
  let at = start + 1
  while (at < line.length && line.charAt(at) !== quote)
    at += line.charAt(at) === '\\' && quote === '"' ? 2 : 1
  return at < line.length ? at : -1
}
