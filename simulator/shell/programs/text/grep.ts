import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../../program.ts'
import { compileRegular, GNU_PROBLEMS, type RegularExpressionProblem } from '../../regular.ts'
import { fillIn } from '../../words.ts'
import { readArguments } from '../options.ts'
import { fileText, readLines, linesOf } from './input.ts'

interface Search {
  readonly test: (line: string) => readonly (readonly [number, number])[]
  readonly flags: ReadonlySet<string>
  readonly most: number
  readonly before: number
  readonly behind: number
}

const WITH_VALUE = new Set(['-e', '-m', '-A', '-B', '-C', '--max-count', '--regexp'])
const FLAGS = new Set(['-i', '-v', '-c', '-n', '-o', '-w', '-x', '-E', '-F', '-P', '-G', '-q', '-s', '-h', '-H', '-l', '-a', '--color', '--line-buffered', '-r', '-R']) // prettier-ignore
const LONG: Readonly<Record<string, string>> = {
  '--ignore-case': '-i',
  '--invert-match': '-v',
  '--count': '-c',
  '--line-number': '-n',
  '--only-matching': '-o',
  '--word-regexp': '-w',
  '--extended-regexp': '-E',
  '--fixed-strings': '-F',
  '--quiet': '-q',
  '--colour': '--color',
  '--regexp': '-e',
  '--max-count': '-m',
}
const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"

/** GNU grep 3.8: the lines that match. */
export const grep: ShellProgram = {
  name: 'grep',
  run(call) {
    const args = call.args.flatMap((arg) => (/^-\d+$/.test(arg) ? ['-C', arg.slice(1)] : [arg]))
    const flags = new Set<string>()
    const values = new Map<string, string>()
    const words: string[] = []
    for (const argument of readArguments(args, (option) => WITH_VALUE.has(option))) {
      if ('word' in argument) words.push(argument.word)
      else if ('missing' in argument) {
        call.err(`grep: option requires an argument -- '${argument.missing.replace(/^-+/, '')}'\n${USAGE}`)
        return 2
      } else {
        const option = lookUp(LONG, argument.option) ?? argument.option
        if (WITH_VALUE.has(option)) values.set(option, argument.value ?? '')
        else if (FLAGS.has(option)) flags.add(option)
        else {
          call.note(fillIn(call.words.optionNotHere, { program: 'grep', option: argument.option }))
          return 2
        }
      }
    }
    const pattern = values.get('-e') ?? words.shift()
    if (pattern === undefined) {
      call.err(USAGE)
      return 2
    }
    const test = compile(pattern, flags)
    if (typeof test === 'string') {
      const [backtracking] = BACKTRACKING.exec(pattern) ?? []
      if (test === 'other' && backtracking !== undefined)
        call.note(fillIn(call.words.optionNotHere, { program: 'grep', option: backtracking }))
      else call.err(`grep: ${GNU_PROBLEMS[test]}\n`)
      return 2
    }
    const around = Number(values.get('-C') ?? 0)
    const search: Search = {
      test,
      flags,
      most: Number(values.get('-m') ?? Infinity),
      before: Number(values.get('-B') ?? around),
      behind: Number(values.get('-A') ?? around),
    }
    return words.length === 0 ? fromInput(call, search) : inFiles(call, search, words)
  },
}

function inFiles(call: ProgramContext, search: Search, paths: readonly string[]): number {
  let found = false
  let failed = false
  for (const path of paths) {
    const file = fileText(call, path)
    if ('problem' in file) {
      if (!search.flags.has('-s')) call.err(`grep: ${path}: ${file.problem}\n`)
      failed = true
      continue
    }
    const named = search.flags.has('-H') || (paths.length > 1 && !search.flags.has('-h'))
    const matcher = new Matcher(call, search, named ? path : undefined)
    for (const line of linesOf(file.text)) if (matcher.take(line)) break
    matcher.finish(path)
    found ||= matcher.count > 0
  }
  return failed ? 2 : found ? 0 : 1
}

function fromInput(call: ProgramContext, search: Search): undefined {
  const matcher = new Matcher(call, search, search.flags.has('-H') ? '(standard input)' : undefined)
  const finish = (): void => {
    matcher.finish('(standard input)')
    call.exit(matcher.count > 0 ? 0 : 1)
  }
  let over = false
  readLines(call, {
    line(line) {
      if (over || !matcher.take(line)) return
      over = true
      finish()
    },
    end: finish,
  })
  return undefined
}

/** What is printed of the lines, one after the other. */
class Matcher {
  count = 0
  readonly #call: ProgramContext
  readonly #search: Search
  readonly #name: string | undefined
  readonly #kept: string[] = []
  #number = 0
  #behind = 0
  #shown = 0

  constructor(call: ProgramContext, search: Search, name: string | undefined) {
    this.#call = call
    this.#search = search
    this.#name = name
  }

  /** True when no more lines are needed. */
  take(line: string): boolean {
    const { test, flags, most, before, behind } = this.#search
    this.#number += 1
    const matches = test(line)
    const isMatch = matches.length > 0 !== flags.has('-v')
    if (!isMatch) {
      if (this.#behind > 0) {
        this.#behind -= 1
        this.#print(line, [], '-')
      } else if (before > 0) {
        this.#kept.push(line)
        if (this.#kept.length > before) this.#kept.shift()
      }
      return false
    }
    if (this.count >= most) return true
    this.count += 1
    if (flags.has('-q') || flags.has('-l')) return true
    if (flags.has('-c')) return this.count >= most
    const first = this.#number - this.#kept.length
    if (before + behind > 0 && this.#shown > 0 && first > this.#shown + 1) this.#call.out('--\n')
    for (const [index, each] of this.#kept.splice(0).entries()) this.#print(each, [], '-', first + index)
    this.#behind = behind
    if (flags.has('-o')) {
      for (const [from, to] of flags.has('-v') ? [] : matches)
        if (to > from) this.#print(line.slice(from, to), [[0, to - from]], ':')
    } else {
      this.#print(line, flags.has('-v') ? [] : matches, ':')
    }
    return this.count >= most && behind === 0
  }

  finish(name: string): void {
    const { flags } = this.#search
    if (flags.has('-q')) return
    if (flags.has('-l')) {
      if (this.count > 0) this.#call.out(`${name}\n`)
    } else if (flags.has('-c')) {
      this.#call.out(`${this.#name === undefined ? '' : `${this.#name}:`}${this.count}\n`)
    }
  }

  #print(
    line: string,
    matches: readonly (readonly [number, number])[],
    sign: string,
    number = this.#number,
  ): void {
    const { flags } = this.#search
    this.#shown = number
    let text = ''
    let at = 0
    // Debian's bash has `grep --color=auto` as an alias.
    const colored = this.#call.tty && this.#call.colors
    for (const [from, to] of colored ? matches : []) {
      if (to === from) continue
      text += `${line.slice(at, from)}\x1b[01;31m\x1b[K${line.slice(from, to)}\x1b[m\x1b[K`
      at = to
    }
    const name = this.#name === undefined ? '' : this.#name + sign
    this.#call.out(`${name}${flags.has('-n') ? `${number}${sign}` : ''}${text}${line.slice(at)}\n`)
  }
}

/** What of Perl's and GNU's patterns takes more than linear time. */
const BACKTRACKING = /\\[1-9]|\(\?(?:[=!>]|<[=!])/

/** Finds all matches in a line; a text is the complaint. */
function compile(pattern: string, flags: ReadonlySet<string>): Search['test'] | RegularExpressionProblem {
  const source = flags.has('-F')
    ? escape(pattern)
    : flags.has('-E') || flags.has('-P')
      ? pattern
      : basic(pattern)
  const whole = flags.has('-x') ? 'text' : flags.has('-w') ? 'word' : undefined
  const expression = compileRegular(source, {
    ignoreCase: flags.has('-i'),
    perl: flags.has('-P'),
    ...(whole === undefined ? {} : { whole }),
  })
  return typeof expression === 'string' ? expression : (line) => expression.all(line)
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** A basic regular expression: `+`, `?`, `|`, parentheses and braces mean something only behind a backslash. */
function basic(pattern: string): string {
  return pattern.replace(/\\?[+?|(){}]/g, (sign) => (sign.startsWith('\\') ? sign.slice(1) : `\\${sign}`))
}
