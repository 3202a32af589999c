import type { ProgramName, Settings } from '../manager/settings.ts'
import { VERSIONS } from '../manager/versions.ts'
import type { CommandContext, Parsed } from './api.ts'
import { fastapiCommand } from './fastapi/command.ts'
import { gunicornCommand } from './gunicorn/command.ts'
import { unknownVersion, invalidValue } from './outcome.ts'
import { uvicornCommand } from './uvicorn/command.ts'

export type { CommandContext, CommandWords, StartupNotice, Parsed } from './api.ts'

/**
 * Reads a command line. `argv[0]` is the program's name; `context.speaks` has its version. A mistake is not an exception: the result is the
 * text and the exit code of the original. A version that we do not have is refused in our own words, which name those that we have.
 */
export function parseCommand(argv: readonly string[], context: CommandContext): Parsed {
  const { program, version } = context.speaks
  if (!VERSIONS[program].includes(version)) return unknownVersion(VERSIONS[program], context)
  const parsed = COMMANDS[program](argv.slice(1), context)
  return (parsed.kind === 'run' ? tooMany(parsed.settings, context) : undefined) ?? parsed
}

const COMMANDS: Readonly<Record<ProgramName, (words: readonly string[], context: CommandContext) => Parsed>> =
  {
    uvicorn: uvicornCommand,
    gunicorn: gunicornCommand,
    fastapi: fastapiCommand,
  }

/** No machine has room for this many processes: it must be a typing mistake. */
const MOST_WORKERS = 10_000

/** The original starts one worker after the other until the machine runs out of processes. */
function tooMany({ workers }: Settings, context: CommandContext): Parsed | undefined {
  const most = context.mostWorkers ?? (context.real === true ? MOST_WORKERS : Infinity)
  if (workers <= most) return undefined
  const values = { option: '--workers', value: String(workers), most: String(most) }
  return invalidValue('tooManyWorkers', values, context)
}
