import { COMMANDS, GROUP_OPTIONS } from '../../simulator/command/fastapi/options.ts'
import { OPTIONS as GUNICORN } from '../../simulator/command/gunicorn/options.ts'
import type { Option } from '../../simulator/command/option.ts'
import { OPTIONS as UVICORN } from '../../simulator/command/uvicorn/options.ts'
import type { ProgramName } from '../../simulator/manager/settings.ts'
import { fill, type ReferenceWords } from './locale.ts'

/** An option as a row of the table. */
export interface OptionRow {
  readonly names: readonly string[]
  /** The program's own sentence, in English. */
  readonly about: string
  /** Where the option does not exist, if somewhere. */
  readonly missing: string | undefined
  readonly default: string | undefined
  readonly versions: string
}

/** The options of a program in the order of its help: those of `fastapi run` after those of `fastapi` itself. */
export function optionRows(program: ProgramName, words: ReferenceWords): OptionRow[] {
  return TABLES[program].map((option) => ({
    names: [...option.names, ...(option.negations ?? [])],
    about: option.about,
    missing: whereMissing(option, words),
    default: option.default === undefined ? undefined : String(option.default),
    versions: versionsOf(option, words),
  }))
}

function whereMissing(
  { fills, does, refused, real }: Option,
  { options }: ReferenceWords,
): string | undefined {
  if (does !== undefined) return undefined
  if (fills === undefined) return options.nowhere
  if (real === true) return options.notInPage
  return refused === undefined ? undefined : options.notReal
}

const TABLES: Readonly<Record<ProgramName, readonly Option[]>> = {
  uvicorn: UVICORN,
  gunicorn: GUNICORN,
  fastapi: [...GROUP_OPTIONS, ...(COMMANDS.find(({ name }) => name === 'run')?.options ?? [])].filter(
    (option, i, all) => all.findIndex((other) => keyOf(other) === keyOf(option)) === i,
  ),
}

function keyOf({ names, since = '' }: Option): string {
  return `${String(names)}${since}`
}

function versionsOf({ since, until }: Option, { options }: ReferenceWords): string {
  const parts = [
    ...(since === undefined ? [] : [fill(options.since, { version: since })]),
    ...(until === undefined ? [] : [fill(options.until, { version: until })]),
  ]
  return parts.length === 0 ? options.all : parts.join(', ')
}
