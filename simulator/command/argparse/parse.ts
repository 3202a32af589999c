import type { Option, Value } from '../option.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import type { OptionNames, Token } from './tokens.ts'
import { tokenize } from './tokens.ts'

/** The result of parsing a command line. */
export type ArgparseReading =
  | { readonly does: 'help' | 'version' }
  | { readonly given: ReadonlyMap<Option, OptionValue>; readonly words: readonly string[] }

/** The value of an option: the last one, or all of an option that repeats. */
export interface OptionValue {
  /** The full name, also when only a prefix was typed. */
  readonly name: string
  readonly value: Value
}

/**
 * Reads a command line as the argparse of Python 3.11 does, for a parser whose words are one list (`nargs='*'`): the beginning of a
 * long name is enough while it is unambiguous; `-w4`, `-w=4`, `--workers=4`; words stand in one place only.
 *
 * @throws UsageError in argparse's words.
 */
export function parseArgparse(argv: readonly string[], options: readonly Option[]): ArgparseReading {
  const names: OptionNames = new Map(
    options.flatMap((option) => option.names.map((name) => [name, option] as const)),
  )
  const tokens = tokenize(argv, names)
  const given = new Map<Option, OptionValue>()
  const unknown: string[] = []
  let words: readonly string[] | undefined
  let at = 0
  for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
    if (token.kind !== 'option') {
      const run = plainRun(tokens, at)
      if (words === undefined) words = withoutDashes(run)
      else unknown.push(...run)
      at += run.length
    } else if (token.option === undefined) {
      unknown.push(token.text)
      at++
    } else {
      const { uses, length } = readOption({ ...token, option: token.option }, tokens[at + 1], names)
      for (const { option, name, text } of uses) {
        if (option.does !== undefined) return { does: option.does }
        take(given, option, name, text)
      }
      at += length
    }
  }
  if (unknown.length > 0) throw new UsageError(`unrecognized arguments: ${unknown.join(' ')}`)
  return { given, words: words ?? [] }
}

/** The plain words from a position up to the next option. */
function plainRun(tokens: readonly Token[], from: number): string[] {
  const end = tokens.findIndex((token, index) => index >= from && token.kind === 'option')
  return tokens.slice(from, end < 0 ? undefined : end).map((token) => token.text)
}

/** Removes the first `--`, which is not a word itself. */
function withoutDashes(words: readonly string[]): string[] {
  const at = words.indexOf('--')
  return words.filter((_, index) => index !== at)
}

interface OptionUse {
  readonly option: Option
  readonly name: string
  /** Undefined for a switch. */
  readonly text?: string
}

/** The option of a token, with the switches that may be written together before it (`-Rw4`), and how many tokens that took. */
function readOption(
  token: { readonly option: Option; readonly name: string; readonly attached?: string },
  next: Token | undefined,
  names: OptionNames,
): { readonly uses: readonly OptionUse[]; readonly length: number } {
  const uses: OptionUse[] = []
  let { option, name, attached } = token
  while (attached !== undefined) {
    if (option.takes !== 'nothing') return { uses: [...uses, { option, name, text: attached }], length: 1 }
    const short = `-${attached.slice(0, 1)}`
    const following = name.startsWith('--') || attached === '' ? undefined : names.get(short)
    if (following === undefined)
      throw argumentError(option, `ignored explicit argument ${pythonRepr(attached)}`)
    uses.push({ option, name })
    ;[option, name, attached] = [following, short, attached.slice(1) || undefined]
  }
  const alone = option.takes === 'nothing' || (option.takes === 'perhaps' && next?.kind !== 'word')
  if (alone) return { uses: [...uses, { option, name }], length: 1 }
  if (next?.kind !== 'word') throw argumentError(option, 'expected one argument')
  return { uses: [...uses, { option, name, text: next.text }], length: 2 }
}

function take(given: Map<Option, OptionValue>, option: Option, name: string, text: string | undefined): void {
  const value = text === undefined ? true : convert(option, text)
  const before = given.get(option)?.value
  const all = Array.isArray(before) ? (before as readonly string[]) : []
  given.set(option, { name, value: option.repeats === true ? [...all, String(value)] : value })
}

function convert(option: Option, text: string): Value {
  if (option.takes !== 'int') return text
  const number = pythonInt(text)
  if (number === undefined) throw argumentError(option, `invalid int value: ${pythonRepr(text)}`)
  return number
}

function argumentError(option: Option, message: string): UsageError {
  return new UsageError(`argument ${option.names.join('/')}: ${message}`)
}
