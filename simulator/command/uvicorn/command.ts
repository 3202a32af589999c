import type { LogLevel } from '../../manager/log.ts'
import type { Bind, Settings } from '../../manager/settings.ts'
import type { CommandContext, Parsed } from '../api.ts'
import { clickHelp } from '../click/help.ts'
import { readClick } from '../click/read.ts'
import { clickOf } from '../click/words.ts'
import type { Values } from '../option.ts'
import { only } from '../only.ts'
import { optionsIn, withDefaults } from '../option.ts'
import { answer, appTarget, notAnInt, notYet, refusal, tlsOf } from '../outcome.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import { appArgument, OPTIONS } from './options.ts'

const USAGE = 'Usage: uvicorn [OPTIONS] APP'

/** Reads a command line of uvicorn, without the program's name. */
export function uvicornCommand(argv: readonly string[], context: CommandContext): Parsed {
  const { version } = context.speaks
  const options = optionsIn(OPTIONS, version)
  const command = { options, argument: appArgument(version), words: clickOf(version), envPrefix: 'UVICORN' }
  try {
    const read = readClick(argv, command, context.env)
    if ('does' in read)
      return answer(read.does === 'help' ? clickHelp(USAGE, options, context.columns) : versionText(version))
    const [missing] = read.missing
    return missing === undefined ? run(read.values, context) : notYet(missing, context)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const usage = error.usage ? `${USAGE}\nTry 'uvicorn --help' for help.\n\n` : ''
    return refusal(`${usage}Error: ${error.message}\n`, 2)
  }
}

/** The Python is the one that was listened to: it belongs to the line as uvicorn prints it. */
function versionText(version: string): string {
  return `Running uvicorn ${version} with CPython 3.11.2 on Linux\n`
}

function run(given: Partial<Values>, context: CommandContext): Parsed {
  const workers = given.workers ?? webConcurrency(context.env)
  if (typeof workers === 'string') return notAnInt(workers)
  const settings = uvicornSettings({ ...given, workers }, context)
  return { kind: 'run', settings, notices: [] }
}

/** `$WEB_CONCURRENCY` or 1; the `repr()` of what is no number. */
export function webConcurrency(env: CommandContext['env']): number | string {
  const text = env['WEB_CONCURRENCY']
  if (text === undefined) return 1
  return pythonInt(text) ?? pythonRepr(text)
}

/** What uvicorn has a default for. */
type Defaulted =
  | 'host'
  | 'port'
  | 'backlog'
  | 'logLevel'
  | 'accessLog'
  | 'keepAlive'
  | 'healthcheckTimeout'
  | 'maxRequestsJitter'

/** The settings of uvicorn, also of the uvicorn that fastapi-cli starts: what was given, else uvicorn's defaults. */
export function uvicornSettings(
  given: Partial<Values> & Pick<Values, 'workers'>,
  context: CommandContext,
): Settings {
  const values = withDefaults<Defaulted>(OPTIONS, given)
  return {
    speaks: context.speaks,
    app: appTarget(values.app ?? ''),
    binds: [bindOf(values)],
    workers: given.workers,
    backlog: values.backlog,
    // The table lets no other word through.
    logLevel: values.logLevel as LogLevel,
    accessLog: values.accessLog,
    keepAlive: values.keepAlive,
    healthcheckTimeout: values.healthcheckTimeout,
    // Only gunicorn has one.
    timeout: 0,
    maxRequestsJitter: values.maxRequestsJitter,
    ...only({
      colors: values.colors,
      gracefulTimeout: values.gracefulTimeout,
      maxRequests: values.maxRequests,
      appDir: values.appDir === '' ? undefined : values.appDir,
      rootPath: values.rootPath === '' ? undefined : values.rootPath,
      tls: tlsOf(values),
    }),
  }
}

/** A socket's file wins over a descriptor, and that over host and port. */
function bindOf(values: Partial<Values> & Pick<Values, 'host' | 'port'>): Bind {
  if (values.uds !== undefined) return { kind: 'unix', path: values.uds }
  if (values.fd !== undefined) return { kind: 'fd', fd: values.fd }
  return { kind: 'tcp', host: values.host, port: values.port }
}
