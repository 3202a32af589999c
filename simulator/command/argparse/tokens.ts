import type { Option } from '../option.ts'
import { UsageError } from '../usage-error.ts'

/** Every spelling of every option. */
export type OptionNames = ReadonlyMap<string, Option>

/** A word of a command line, as argparse classifies them before it looks at their meaning. */
export type Token =
  /** A word, or the value of the option before it. */
  | { readonly kind: 'word'; readonly text: string }
  /** `--`: all that follows are words. */
  | { readonly kind: 'dashes'; readonly text: string }
  /** Looks like an option; without `option` it is unknown. */
  | {
      readonly kind: 'option'
      readonly text: string
      readonly name: string
      readonly option?: Option
      /** The value that is written together with it. */
      readonly attached?: string
    }

/** Classifies the words of a command line. @throws UsageError when the prefix of several options was typed. */
export function tokenize(argv: readonly string[], names: OptionNames): Token[] {
  const end = argv.indexOf('--')
  const before = (end < 0 ? argv : argv.slice(0, end)).map((text) => optionToken(text, names) ?? word(text))
  if (end < 0) return before
  return [...before, { kind: 'dashes', text: '--' }, ...argv.slice(end + 1).map(word)]
}

function word(text: string): Token {
  return { kind: 'word', text }
}

function optionToken(text: string, names: OptionNames): Token | undefined {
  if (!text.startsWith('-')) return undefined
  const exact = found(text, text, undefined, names)
  if (exact !== undefined || text.length === 1) return exact
  const [name, attached] = split(text)
  const spelledOut = attached === undefined ? undefined : found(text, name, attached, names)
  if (spelledOut !== undefined) return spelledOut
  const candidates = text.startsWith('--') ? longCandidates(text, names) : shortCandidates(text, names)
  const [only, ...more] = candidates
  if (more.length > 0) {
    const matches = candidates.map((candidate) => candidate.name).join(', ')
    throw new UsageError(`ambiguous option: ${text} could match ${matches}`)
  }
  if (only !== undefined) return only
  // A negative number is a plain word, and so is a word with a blank.
  if (/^-\d+$|^-\d*\.\d+$/.test(text) || text.includes(' ')) return undefined
  return { kind: 'option', text, name: text }
}

type OptionToken = Extract<Token, { readonly kind: 'option' }>

function found(
  text: string,
  name: string,
  attached: string | undefined,
  names: OptionNames,
): OptionToken | undefined {
  const option = names.get(name)
  if (option === undefined) return undefined
  return { kind: 'option', text, name, option, ...(attached === undefined ? {} : { attached }) }
}

function split(text: string): readonly [string, string | undefined] {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)]
}

/** Options whose name begins with this text. */
function longCandidates(text: string, names: OptionNames): OptionToken[] {
  const [beginning, attached] = split(text)
  return [...names.keys()]
    .filter((name) => name.startsWith(beginning))
    .flatMap((name) => found(text, name, attached, names) ?? [])
}

/** `-w4`: the option `-w` with a value, or an option that begins with this text. */
function shortCandidates(text: string, names: OptionNames): OptionToken[] {
  return [...names.keys()].flatMap((name) => {
    if (name === text.slice(0, 2)) return found(text, name, text.slice(2), names) ?? []
    return name.startsWith(text) ? (found(text, name, undefined, names) ?? []) : []
  })
}
