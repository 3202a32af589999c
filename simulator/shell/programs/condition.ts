import { lookUp } from '../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { isExecutable, modeOf } from '../run/modes.ts'
import { fileKey, isFolder, resolve } from '../run/paths.ts'

/** `test` and `[`: files, texts, numbers, `!`, `-a`, `-o`. */
export const test: ShellProgram = { name: 'test', builtin: true, run: (call) => check(call, call.args) }
export const bracket: ShellProgram = {
  name: '[',
  builtin: true,
  run(call) {
    if (call.args.at(-1) === ']') return check(call, call.args.slice(0, -1))
    call.err("bash: [: missing `]'\n")
    return 2
  },
}

/** What a condition needs of the program that asks. */
type Asker = Pick<ProgramContext, 'system' | 'cwd' | 'name' | 'err'>

/** 0 when a condition holds, 1 when not, 2 when it cannot be read. */
export function check(call: Asker, words: readonly string[]): number {
  const or = words.indexOf('-o')
  if (or > 0) return check(call, words.slice(0, or)) === 0 ? 0 : check(call, words.slice(or + 1))
  const and = words.indexOf('-a')
  if (and > 0) {
    const left = check(call, words.slice(0, and))
    return left === 0 ? check(call, words.slice(and + 1)) : left
  }
  const [first = '', second = '', third = ''] = words
  if (words.length === 0) return 1
  if (first === '!' && words.length > 1) {
    const code = check(call, words.slice(1))
    return code > 1 ? code : 1 - code
  }
  if (words.length === 1) return first === '' ? 1 : 0
  if (words.length === 2) return truthOf(call, first, second)
  if (words.length > 3) {
    call.err(`bash: ${call.name}: too many arguments\n`)
    return 2
  }
  switch (second) {
    case '=':
    case '==':
      return first === third ? 0 : 1
    case '!=':
      return first === third ? 1 : 0
    case '<':
      return first < third ? 0 : 1
    case '>':
      return first > third ? 0 : 1
  }
  const compare = lookUp(COMPARE, second)
  const wrong = [first, third].find((word) => !/^\s*-?\d+\s*$/.test(word))
  if (compare === undefined || wrong !== undefined) {
    call.err(
      `bash: ${call.name}: ${compare === undefined ? `${second}: binary operator expected` : `${wrong}: integer expression expected`}\n`,
    )
    return 2
  }
  return compare(Number(first), Number(third)) ? 0 : 1
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
}

function truthOf(call: Asker, operator: string, word: string): number {
  const text = call.system.readFile(fileKey(call.cwd, word))
  const folder = isFolder(call.system, resolve(call.cwd, word))
  switch (operator) {
    case '-n':
      return word === '' ? 1 : 0
    case '-z':
      return word === '' ? 0 : 1
    case '-f':
      return text === undefined ? 1 : 0
    case '-d':
      return folder ? 0 : 1
    case '-e':
    case '-a':
    case '-r':
    case '-w':
      return text === undefined && !folder ? 1 : 0
    case '-x':
      return folder || (text !== undefined && isExecutable(modeOf(call.system, fileKey(call.cwd, word))))
        ? 0
        : 1
    case '-s':
      return text === undefined || text === '' ? 1 : 0
    default:
      call.err(`bash: ${call.name}: ${operator}: unary operator expected\n`)
      return 2
  }
}
