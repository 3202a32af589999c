import type { Option } from '../option.ts'
import { closeMatches } from '../python/close-matches.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import type { ClickWords } from './words.ts'

/** One use of an option: the name as typed, and its value, or for a switch whether it was turned on. */
export interface OptionUse {
  readonly option: Option
  readonly name: string
  readonly value: string | boolean
}

/** How click splits a command line into options and words. */
export interface ClickRules {
  readonly options: readonly Option[]
  readonly messages: ClickWords
  /** Whether options may follow words; in a group of commands they may not: everything from the first word on belongs to the command. */
  readonly interspersed: boolean
}

/**
 * Splits a command line as click 8 does: whole names only (no prefixes), `--name value`, `--name=value`, `-nvalue`, and `--` before words
 * that begin with a dash.
 * @throws UsageError in click's words.
 */
export function parseClick(
  argv: readonly string[],
  rules: ClickRules,
): { uses: readonly OptionUse[]; rest: readonly string[] } {
  const names = nameTable(rules.options)
  const queue = [...argv]
  const uses: OptionUse[] = []
  const rest: string[] = []
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') return { uses, rest: [...rest, ...queue] }
    if (word.startsWith('-') && word.length > 1) uses.push(...readOption(word, queue, names, rules.messages))
    else if (rules.interspersed) rest.push(word)
    else return { uses, rest: [word, ...queue] }
  }
  return { uses, rest }
}

type OptionNames = ReadonlyMap<string, { readonly option: Option; readonly on: boolean }>

function nameTable(options: readonly Option[]): OptionNames {
  const names = new Map<string, { option: Option; on: boolean }>()
  for (const option of options) {
    for (const name of option.names) names.set(name, { option, on: true })
    for (const name of option.negations ?? []) names.set(name, { option, on: false })
  }
  return names
}

/** A short name is one dash and one character; every other name is long, also `-name`. */
function isShort(name: string): boolean {
  return name.length === 2 && !name.startsWith('--')
}

function readOption(word: string, queue: string[], names: OptionNames, messages: ClickWords): OptionUse[] {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  const found = isShort(name) ? undefined : names.get(name)
  if (found !== undefined)
    return [readValue(name, found, equals < 0 ? undefined : word.slice(equals + 1), queue)]
  if (!word.startsWith('--')) return readShortOptions(word, queue, names, messages)
  const long = [...names.keys()].filter((known) => !isShort(known))
  const similar = closeMatches(name, long).sort()
  const message = messages.noSuchOption(name)
  throw new UsageError(similar.length === 0 ? message : `${message} ${messages.similar(similar)}`)
}

function readValue(
  name: string,
  { option, on }: { readonly option: Option; readonly on: boolean },
  attached: string | undefined,
  queue: string[],
): OptionUse {
  if (option.takes === 'nothing') {
    if (attached !== undefined)
      throw new UsageError(`Option ${pythonRepr(name)} does not take a value.`, false)
    return { option, name, value: on }
  }
  const value = attached ?? queue.shift()
  if (value === undefined) throw new UsageError(`Option ${pythonRepr(name)} requires an argument.`, false)
  return { option, name, value }
}

/** `-abc`: three switches, or one option `-a` with the value `bc`. */
function readShortOptions(
  word: string,
  queue: string[],
  names: OptionNames,
  messages: ClickWords,
): OptionUse[] {
  const uses: OptionUse[] = []
  const letters = [...word.slice(1)]
  for (const [index, letter] of letters.entries()) {
    const name = `-${letter}`
    const found = names.get(name)
    if (found === undefined) throw new UsageError(messages.noSuchOption(name))
    const attached = letters.slice(index + 1).join('')
    const takesRest = found.option.takes !== 'nothing' && attached !== ''
    uses.push(readValue(name, found, takesRest ? attached : undefined, queue))
    if (takesRest) break
  }
  return uses
}
