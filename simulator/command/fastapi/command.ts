import type { FastapiSettings } from '../../manager/settings.ts'
import type { CommandContext, Parsed } from '../api.ts'
import type { ClickRules } from '../click/parse.ts'
import { parseClick } from '../click/parse.ts'
import { readClick } from '../click/read.ts'
import { typerOf } from '../click/words.ts'
import { withoutUndefined } from '../only.ts'
import type { Values } from '../option.ts'
import { optionsIn, withDefaults } from '../option.ts'
import { printAndExit, optionNotSupported, notAnInt, failWith } from '../outcome.ts'
import { closeMatches } from '../python/close-matches.ts'
import { pythonPath } from '../python/path.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import { uvicornSettings, webConcurrency } from '../uvicorn/command.ts'
import type { CommandUsage } from './rich-help.ts'
import { commandHelp, errorText, groupHelp, versionText } from './rich-help.ts'
import type { FastapiCommandTable } from './options.ts'
import { COMMANDS, GROUP_OPTIONS, PATH } from './options.ts'

const GROUP: CommandUsage = { path: 'fastapi', takes: '[OPTIONS] COMMAND [ARGS]...' }

/** Reads a command line of fastapi-cli, without the program's name. */
export function fastapiCommand(argv: readonly string[], context: CommandContext): Parsed {
  return refused(GROUP, context, () => {
    const options = optionsIn(GROUP_OPTIONS, context.speaks.version)
    const rules = { options, messages: typerOf(context.speaks.version), interspersed: false }
    const { uses, rest } = parseClick(argv, rules)
    const [use] = uses
    if (use?.option.does === 'version') return printAndExit(versionText(context))
    if (use?.option.does === 'help') return printAndExit(groupHelp(GROUP, options, COMMANDS, context))
    if (use !== undefined) return optionNotSupported(use.option, use.name, context)
    const [name, ...words] = rest
    if (name === undefined) throw new UsageError('Missing command.')
    return readCommand(commandNamed(name, rules), words, context)
  })
}

/** The result of `read`; a usage error becomes its text. */
function refused(place: CommandUsage, context: CommandContext, read: () => Parsed): Parsed {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return failWith(errorText(error, place, context), 2)
  }
}

function commandNamed(name: string, rules: ClickRules): FastapiCommandTable {
  const command = COMMANDS.find((known) => known.name === name)
  if (command !== undefined) return command
  // After `--`, a word that looks like an option is still read as one, and refused.
  parseClick([name], rules)
  const similar = closeMatches(
    name,
    COMMANDS.map((known) => known.name),
  )
  const hint = similar.length === 0 ? '.' : `. Did you mean ${similar.map(pythonRepr).join(', ')}?`
  throw new UsageError(`No such command ${pythonRepr(name)}${hint}`)
}

function readCommand(
  command: FastapiCommandTable,
  words: readonly string[],
  context: CommandContext,
): Parsed {
  const place: CommandUsage = { path: `fastapi ${command.name}`, takes: `[OPTIONS] [${PATH.name}]` }
  const options = optionsIn(command.options, context.speaks.version)
  return refused(place, context, () => {
    const typer = typerOf(context.speaks.version)
    const read = readClick(words, { options, argument: PATH, messages: typer }, context)
    // The only thing that prints here is the help.
    if ('does' in read) return printAndExit(commandHelp(place, { ...command, options }, PATH, context))
    const [missing] = read.missing
    return missing === undefined
      ? run(command, read.values, context)
      : optionNotSupported(missing.option, missing.name, context)
  })
}

function run(command: FastapiCommandTable, given: Partial<Values>, context: CommandContext): Parsed {
  const { path, app, entrypoint, ...values } = withDefaults<'host' | 'port' | 'reload'>(
    command.options,
    given,
  )
  const workers = values.workers ?? webConcurrency(context.env)
  if (typeof workers === 'string') return notAnInt(workers)
  const fastapi: FastapiSettings = {
    command: command.name,
    ...withoutUndefined({ path: path === undefined ? undefined : pythonPath(path), app, entrypoint }),
  }
  const settings = { ...uvicornSettings({ ...values, workers }, context), fastapi }
  return { kind: 'run', settings, notices: [] }
}
