import { readCondition } from './condition.ts'
import { asAssignment, redirectOf } from './parts.ts'
import { ShellSyntaxError, tokenise, type Token } from './tokens.ts'
import type {
  AndOr,
  CaseArm,
  Assignment,
  Branch,
  Command,
  Pipeline,
  Redirect,
  Script,
  SyntaxProblem,
  Word,
} from './tree.ts'

/**
 * Parses lines as bash does: lists, pipes, redirection, quotes, substitution, `for`, `while`, `until`, `if`, `case`, `[[ ]]`, groups,
 * functions. For what bash has and this shell lacks (`select`, arrays) the problem is `unsupported`.
 */
export function readLine(line: string): { readonly script: Script } | SyntaxProblem {
  try {
    return { script: readScript(line, 0) }
  } catch (error) {
    if (error instanceof ShellSyntaxError) return error.syntax
    throw error
  }
}

function readScript(text: string, depth: number): Script {
  const tokens = tokenise(text, (inner) => readScript(inner, depth + 1), depth)
  const reader = new Reader(text, tokens)
  const script = reader.script([])
  reader.end()
  return script
}

/** Words that end a list inside a compound command. */
const CLOSERS: ReadonlySet<string> = new Set(['do', 'done', 'then', 'else', 'elif', 'fi', '}', 'esac'])
const ABSENT: ReadonlySet<string> = new Set(['select', 'coproc'])
const LIST_ENDS: ReadonlySet<string> = new Set([';', '&', '\n'])
/** What ends an arm of `case`. */
const ARM_END = ';;'

class Reader {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  /** The number of the present line; commands are numbered by it. */
  #line = 1
  #counted = 0

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  end(): void {
    const token = this.#peek()
    if (token !== undefined) throw unexpected(token)
  }

  /** Parses commands up to one of the words `until`, the end, or a closing parenthesis. */
  script(until: readonly string[]): Script {
    this.#depth += 1
    if (this.#depth > 60) throw new ShellSyntaxError('unsupported', '{ …; }')
    const items: AndOr[] = []
    this.#newlines()
    for (;;) {
      const token = this.#peek()
      if (token === undefined || this.#isAt(until) || this.#isOperator(')') || this.#isOperator(ARM_END))
        break
      if (token.kind === 'word' && CLOSERS.has(token.text)) throw unexpected(token)
      items.push(this.#andOr())
      this.#newlines()
    }
    const atEnd = this.#isAt(until) || (until[0] === ARM_END && this.#isOperator(ARM_END))
    if (until.length > 0 && !atEnd) throw this.#missing(until.at(-1) ?? '')
    this.#depth -= 1
    return items
  }

  #andOr(): AndOr {
    const start = this.#start()
    const line = this.#lineAt(start)
    const links: { after: '' | '&&' | '||'; pipeline: Pipeline }[] = [
      { after: '', pipeline: this.#pipeline() },
    ]
    while (this.#isOperator('&&') || this.#isOperator('||')) {
      const after = this.#next()?.text === '&&' ? '&&' : '||'
      this.#newlines()
      links.push({ after, pipeline: this.#pipeline() })
    }
    const source = this.#since(start)
    const token = this.#peek()
    const background = this.#isOperator('&')
    if (token?.kind === 'operator' && LIST_ENDS.has(token.text)) this.#at += 1
    else if (token !== undefined && !this.#isOperator(')') && !this.#isOperator(ARM_END))
      throw unexpected(token)
    return { links, background, source, line }
  }

  #lineAt(start: number): number {
    for (; this.#counted < start; this.#counted++)
      if (this.#text.charAt(this.#counted) === '\n') this.#line += 1
    return this.#line
  }

  #pipeline(): Pipeline {
    const start = this.#start()
    let negated = false
    let timed = false
    while (this.#isAt(['!', 'time'])) {
      if (this.#next()?.text === '!') negated = !negated
      else timed = true
      if (timed && this.#isAt(['-p'])) this.#at += 1
    }
    const stages = [this.#command()]
    while (this.#isOperator('|') || this.#isOperator('|&')) {
      const both = this.#next()?.text === '|&'
      const last = stages.at(-1)
      if (both && last !== undefined) {
        const also: Redirect = { stream: 2, operator: '>&', to: textWord('1') }
        stages[stages.length - 1] = { ...last, redirects: [...last.redirects, also] }
      }
      this.#newlines()
      stages.push(this.#command())
    }
    return { negated, timed, stages, source: this.#since(start) }
  }

  #command(): Command {
    const start = this.#start()
    const token = this.#peek()
    if (token === undefined) throw this.#missing('newline')
    const compound = this.#compound(token) ?? this.#namedFunction(token)
    if (compound === undefined) return this.#simple(start)
    const redirects: Redirect[] = []
    while (this.#takeRedirect(redirects)) continue
    return { ...compound, redirects, source: this.#since(start) }
  }

  #compound(token: Token): Compound | undefined {
    if (token.kind === 'operator') {
      if (token.text.startsWith('((')) {
        this.#at += 1
        return { kind: 'arithmetic', expression: token.words?.[0] ?? textWord('') }
      }
      if (token.text !== '(') return undefined
      this.#at += 1
      const body = this.script([])
      if (!this.#isOperator(')')) throw this.#missing(')')
      if (body.length === 0) throw unexpected(this.#peek())
      this.#at += 1
      return { kind: 'group', own: true, body }
    }
    switch (token.text) {
      case 'for':
        return this.#for()
      case 'while':
      case 'until': {
        this.#at += 1
        const test = this.#body(['do'])
        this.#at += 1
        return { kind: 'while', until: token.text === 'until', test, body: this.#closed('done') }
      }
      case 'if':
        return this.#if()
      case '{':
        this.#at += 1
        return { kind: 'group', own: false, body: this.#closed('}') }
      case 'case':
        return this.#case()
      case '[[':
        this.#at += 1
        return {
          kind: 'condition',
          condition: readCondition(
            () => this.#peek(),
            () => this.#next(),
          ),
        }
      case 'function': {
        this.#at += 1
        const name = this.#next()
        if (name?.kind !== 'word') throw name === undefined ? this.#missing('newline') : unexpected(name)
        return this.#function(name.text)
      }
      default:
        if (ABSENT.has(token.text)) throw new ShellSyntaxError('unsupported', token.text)
        return undefined
    }
  }

  #namedFunction(token: Token): Compound | undefined {
    const next = this.#tokens[this.#at + 1]
    if (token.kind !== 'word' || next?.kind !== 'operator' || next.text !== '(') return undefined
    this.#at += 1
    return this.#function(token.text)
  }

  #for(): Compound {
    this.#at += 1
    const head = this.#peek()
    if (head?.kind === 'operator' && head.text.startsWith('((')) {
      this.#at += 1
      const [first, test, step, ...more] = head.words ?? []
      if (first === undefined || test === undefined || step === undefined || more.length > 0)
        throw unexpected(head)
      return { kind: 'count', start: first, test, step, body: this.#do() }
    }
    if (head === undefined) throw this.#missing('newline')
    if (head.kind === 'operator') throw unexpected(head)
    if (!/^[A-Za-z_]\w*$/.test(head.text)) throw new ShellSyntaxError('unexpected', head.text)
    this.#at += 1
    this.#newlines()
    const words: Word[] = []
    if (this.#isAt(['in'])) {
      this.#at += 1
      for (let word = this.#peek(); word?.kind === 'word'; word = this.#peek()) {
        words.push(word.word)
        this.#at += 1
      }
    }
    return { kind: 'for', name: head.text, words, body: this.#do() }
  }

  #case(): Compound {
    this.#at += 1
    const subject = this.#next()
    if (subject?.kind !== 'word') throw subject === undefined ? this.#missing('newline') : unexpected(subject)
    this.#newlines()
    if (!this.#isAt(['in'])) throw this.#missing('in')
    this.#at += 1
    this.#newlines()
    const arms: CaseArm[] = []
    while (!this.#isAt(['esac'])) {
      if (this.#isOperator('(')) this.#at += 1
      const patterns: Word[] = []
      do {
        if (patterns.length > 0) this.#at += 1
        const pattern = this.#peek()
        if (pattern?.kind !== 'word') throw this.#missing('esac')
        patterns.push(pattern.word)
        this.#at += 1
      } while (this.#isOperator('|'))
      if (!this.#isOperator(')')) throw this.#missing(')')
      this.#at += 1
      const body = this.script([ARM_END, 'esac'])
      arms.push({ patterns, body })
      // The last arm may lack it.
      if (this.#isOperator(ARM_END)) this.#at += 1
      this.#newlines()
    }
    this.#at += 1
    return { kind: 'case', word: subject.word, arms }
  }

  /** `name() command`, from the parentheses on; after `function` the parentheses may be missing. */
  #function(name: string): Compound {
    if (this.#isOperator('(')) {
      this.#at += 1
      if (!this.#isOperator(')')) throw this.#missing(')')
      this.#at += 1
    }
    this.#newlines()
    const token = this.#peek()
    if (token === undefined) throw this.#missing('{')
    const body = this.#command()
    if (body.kind === 'simple') throw unexpected(token)
    return { kind: 'function', name, body }
  }

  /** `; do … done`. */
  #do(): Script {
    if (this.#isOperator(';')) this.#at += 1
    this.#newlines()
    const token = this.#peek()
    if (token === undefined) throw this.#missing('do')
    if (!this.#isAt(['do'])) throw unexpected(token)
    this.#at += 1
    return this.#closed('done')
  }

  #if(): Compound {
    const branches: Branch[] = []
    do {
      this.#at += 1
      const test = this.#body(['then'])
      this.#at += 1
      branches.push({ test, body: this.#body(['elif', 'else', 'fi']) })
    } while (this.#isAt(['elif']))
    let otherwise: Script | undefined
    if (this.#isAt(['else'])) {
      this.#at += 1
      otherwise = this.#body(['fi'])
    }
    this.#at += 1
    return { kind: 'if', branches, otherwise }
  }

  #closed(closer: string): Script {
    const body = this.#body([closer])
    this.#at += 1
    return body
  }

  /** A list that must not be empty. */
  #body(until: readonly string[]): Script {
    const script = this.script(until)
    if (script.length === 0) throw unexpected(this.#peek())
    return script
  }

  #simple(start: number): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const token = this.#peek()
      if (token?.kind === 'word') {
        const assignment = words.length === 0 ? asAssignment(token.word) : undefined
        if (assignment === undefined) words.push(token.word)
        else assignments.push(assignment)
        this.#at += 1
      } else if (!this.#takeRedirect(redirects)) {
        break
      }
    }
    if (words.length + assignments.length + redirects.length === 0) throw unexpected(this.#peek())
    return { kind: 'simple', assignments, words, redirects, source: this.#since(start) }
  }

  #takeRedirect(redirects: Redirect[]): boolean {
    const token = this.#peek()
    if (token?.kind !== 'operator' || !/[<>]/.test(token.text)) return false
    this.#at += 1
    const target = this.#peek()
    if (target?.kind !== 'word')
      throw target === undefined ? new ShellSyntaxError('unexpected', 'newline') : unexpected(target)
    this.#at += 1
    redirects.push(redirectOf(token.text, target.word))
    return true
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  #isOperator(text: string): boolean {
    const token = this.#peek()
    return token?.kind === 'operator' && token.text === text
  }

  #isAt(words: readonly string[]): boolean {
    const token = this.#peek()
    return token?.kind === 'word' && words.includes(token.text)
  }

  #newlines(): void {
    while (this.#isOperator('\n')) this.#at += 1
  }

  #start(): number {
    return this.#peek()?.start ?? this.#text.length
  }

  #since(start: number): string {
    return this.#text.slice(start, this.#tokens[this.#at - 1]?.end ?? start).trim()
  }

  /** The problem where `awaited` should be: without a next token the command is incomplete; otherwise the token is wrong. */
  #missing(awaited: string): ShellSyntaxError {
    const token = this.#peek()
    return token === undefined ? new ShellSyntaxError('incomplete', awaited) : unexpected(token)
  }
}

type Compound = Command extends infer Each
  ? Each extends { kind: 'simple' }
    ? never
    : Omit<Each, 'redirects' | 'source'>
  : never

function unexpected(token: Token | undefined): ShellSyntaxError {
  const text = token?.text ?? 'newline'
  return new ShellSyntaxError('unexpected', text === '\n' ? 'newline' : text.startsWith('((') ? '(' : text)
}

function textWord(text: string): Word {
  return { pieces: [{ kind: 'text', text, quoted: false }], quoted: false }
}
