import { VERSIONS } from '../manager/versions.ts'
import type { CommandContext, Parsed } from './api.ts'
import { fastapiCommand } from './fastapi/command.ts'
import { gunicornCommand } from './gunicorn/command.ts'
import { unknownVersion } from './outcome.ts'
import { uvicornCommand } from './uvicorn/command.ts'

export type { CommandContext, CommandWords, Notice, Parsed } from './api.ts'

/**
 * Reads a command line. `argv[0]` is the program's name; which program and version that is, `context.speaks` says.
 * A mistake is no exception: it comes back as the text and the exit code of the original. A version that we do not have is refused
 * in our own words, which name those that we have.
 */
export function parseCommand(argv: readonly string[], context: CommandContext): Parsed {
  const { program, version } = context.speaks
  if (!VERSIONS[program].includes(version)) return unknownVersion(VERSIONS[program], context)
  const words = argv.slice(1)
  switch (program) {
    case 'uvicorn':
      return uvicornCommand(words, context)
    case 'gunicorn':
      return gunicornCommand(words, context)
    case 'fastapi':
      return fastapiCommand(words, context)
  }
}
