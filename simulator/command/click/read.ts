import { lookUp } from '../../manager/look-up.ts'
import type { CommandContext } from '../api.ts'
import type { Argument, Option, Value, Values } from '../option.ts'
import { isMissing } from '../option.ts'
import { pythonFloat } from '../python/float.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import type { ClickRules, OptionUse } from './parse.ts'
import { parseClick } from './parse.ts'

/** A command's options and argument, as click knows them. */
export interface ClickCommand extends Omit<ClickRules, 'interspersed'> {
  /** At most one; no command of ours has more. */
  readonly argument: Argument
  /** Options may be set by `<prefix>_<NAME>` in the environment. */
  readonly envPrefix?: string
}

/** An option that cannot be honoured, by its name as typed. */
export interface UnsupportedOption {
  readonly option: Option
  readonly name: string
}

/** The result: text to print before ending, or the values; `missing` are options that we do not have. */
export type ClickReading =
  | { readonly does: 'help' | 'version' }
  | { readonly values: Partial<Values>; readonly missing: readonly UnsupportedOption[] }

/**
 * Reads a command line as click 8 does. Options that print win over all others; then values are checked in the order in which they were
 * typed, then those of the environment.
 * @throws UsageError in click's words.
 */
export function readClick(
  argv: readonly string[],
  command: ClickCommand,
  context: CommandContext,
): ClickReading {
  const { env } = context
  const { uses, rest } = parseClick(argv, { ...command, interspersed: true })
  const printing = uses.find(({ option }) => option.does !== undefined)?.option.does
  if (printing !== undefined) return { does: printing }

  const values: Partial<Record<keyof Values, Value>> = {}
  const missing: UnsupportedOption[] = []
  const take = (option: Option, name: string, value: Value): void => {
    if (isMissing(option, value, context.real ?? false)) missing.push({ option, name })
    if (option.fills !== undefined) values[option.fills] = value
  }
  const converted = (option: Option, value: string | boolean) =>
    convert(option, value, command, context.files)
  for (const [option, { name, value }] of lastUses(uses)) {
    const all = uses.filter((use) => use.option === option)
    take(
      option,
      name,
      option.repeats === true
        ? all.map((use) => String(converted(option, use.value)))
        : converted(option, value),
    )
  }
  const [word, ...extra] = rest
  readArgument(command.argument, word, env, values)
  for (const option of command.options) {
    const variable = variableOf(option, command.envPrefix)
    const text =
      variable === undefined || uses.some((use) => use.option === option) ? undefined : lookUp(env, variable)
    if (variable === undefined || text === undefined || text === '') continue
    const value =
      option.takes === 'nothing'
        ? convertSwitch(option, text)
        : option.repeats === true
          ? text
              .split(/\s+/)
              .filter(Boolean)
              .map((part) => String(converted(option, part)))
          : converted(option, text)
    // A switch that the environment turns off needs nothing.
    if (value !== false || option.fills !== undefined) take(option, `$${variable}`, value)
  }
  if (extra.length > 0) throw new UsageError(command.messages.extraArguments(extra))
  return { values: values as Partial<Values>, missing }
}

/** Each option once, in the order of its first use, with its last value. */
function lastUses(uses: readonly OptionUse[]): ReadonlyMap<Option, OptionUse> {
  return new Map(uses.map((use) => [use.option, use]))
}

function readArgument(
  argument: Argument,
  word: string | undefined,
  env: CommandContext['env'],
  values: Partial<Record<keyof Values, Value>>,
): void {
  const fromEnv = argument.env === undefined ? undefined : lookUp(env, argument.env)
  const value = word ?? (fromEnv === '' ? undefined : fromEnv)
  if (value !== undefined) values[argument.fills] = value
  else if (argument.required) throw new UsageError(`Missing argument '${argument.name}'.`)
}

function variableOf(option: Option, prefix: string | undefined): string | undefined {
  if (option.does !== undefined || option.env !== undefined || prefix === undefined) return option.env
  return `${prefix}_${(option.names[0] ?? '').replace(/^-+/, '').replaceAll('-', '_').toUpperCase()}`
}

function convert(
  option: Option,
  value: string | boolean,
  command: ClickCommand,
  files: CommandContext['files'],
): Value {
  if (typeof value === 'boolean') return value
  if (option.takes === 'int') {
    const number = pythonInt(value)
    if (number === undefined) throw invalid(option, command.messages.notInteger(value))
    return number
  }
  if (option.takes === 'float') {
    const number = pythonFloat(value)
    if (number === undefined) throw invalid(option, `${pythonRepr(value)} is not a valid float.`)
    return number
  }
  if (option.takes === 'path' && files?.exists(value) !== true) {
    throw invalid(option, `Path ${pythonRepr(value)} does not exist.`)
  }
  if (typeof option.takes === 'object' && !option.takes.choices.includes(value)) {
    throw invalid(
      option,
      `${pythonRepr(value)} is not one of ${option.takes.choices.map(pythonRepr).join(', ')}.`,
    )
  }
  return value
}

const ON = ['1', 'on', 't', 'true', 'y', 'yes']
const OFF = ['', '0', 'f', 'false', 'n', 'no', 'off']
const SWITCH_WORDS = [...ON, ...OFF].sort()

function convertSwitch(option: Option, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (ON.includes(word)) return true
  if (OFF.includes(word)) return false
  throw invalid(
    option,
    `${pythonRepr(text)} is not a valid boolean. Recognized values: ${SWITCH_WORDS.join(', ')}`,
  )
}

function invalid(option: Option, message: string): UsageError {
  const names = option.names.map((name) => `'${name}'`).join(' / ')
  const variable = option.tellsEnv === true && option.env !== undefined ? ` (env var: '${option.env}')` : ''
  return new UsageError(`Invalid value for ${names}${variable}: ${message}`)
}
