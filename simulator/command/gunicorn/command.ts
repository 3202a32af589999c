import type { LogLevel } from '../../manager/log.ts'
import type { Bind, GunicornSettings } from '../../manager/settings.ts'
import type { CommandContext, Parsed } from '../api.ts'
import { argparseHelp } from '../argparse/help.ts'
import type { OptionValue } from '../argparse/parse.ts'
import { parseArgparse } from '../argparse/parse.ts'
import { withoutUndefined } from '../only.ts'
import type { Option, Value, Values } from '../option.ts'
import { isMissing, optionsIn, withDefaults } from '../option.ts'
import {
  printAndExit,
  appTarget,
  optionNotSupported,
  notAnInt,
  optionNotImplemented,
  failWith,
  tlsOf,
  invalidTls,
} from '../outcome.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'
import { shellSplit } from '../python/shlex.ts'
import { UsageError } from '../usage-error.ts'
import { httpOf } from '../uvicorn/command.ts'
import { parseAddress } from './address.ts'
import { configText } from './config-text.ts'
import { OPTIONS } from './options.ts'

const USAGE = 'usage: gunicorn [OPTIONS] [APP_MODULE]'

/**
 * Reads a command line of gunicorn, without the program's name. Options come from GUNICORN_CMD_ARGS, then from the command
 * line; defaults from WEB_CONCURRENCY and PORT.
 */
export function gunicornCommand(argv: readonly string[], context: CommandContext): Parsed {
  const { env, speaks } = context
  const options = optionsIn(OPTIONS, speaks.version)
  const concurrency = env['WEB_CONCURRENCY']
  const workers = concurrency === undefined ? undefined : pythonInt(concurrency)
  // It is read when gunicorn is imported, where nothing catches the error.
  if (concurrency !== undefined && workers === undefined) return notAnInt(pythonRepr(concurrency))
  if (workers !== undefined && workers < 0) return error(notPositive(workers))

  try {
    const typed = parseArgparse(argv, options)
    if ('does' in typed) return shown(typed.does, options, context)
    const split = shellSplit(env['GUNICORN_CMD_ARGS'] ?? '')
    if ('error' in split) return error(split.error)
    const inherited = parseArgparse(split.words, options)
    if ('does' in inherited) return shown(inherited.does, options, context)

    const defaults = withoutUndefined({
      workers,
      bind: env['PORT'] === undefined ? undefined : [`0.0.0.0:${env['PORT']}`],
    })
    const given = [...inOrder(inherited.given), ...inOrder(typed.given)]
    const folder = given.find(([{ fills }]) => fills === 'appDir')?.[1].value
    const looks = context.real === true || context.files !== undefined
    if (folder !== undefined && looks && context.files?.exists(String(folder)) !== true) {
      return error(`can't chdir to ${pythonRepr(String(folder))}`)
    }
    const config = given.find(([{ fills }]) => fills === 'config')
    if (config !== undefined && !isThere(config[1].value, context)) {
      return error(`${pythonRepr(String(config[1].value))} doesn't exist`)
    }
    const wrong = given
      .map(([option, { value }]) => complaint(option, value))
      .find((text) => text !== undefined)
    if (wrong !== undefined) return error(wrong)
    return run(typed.words[0], { ...defaults, ...valuesOf(given) }, given, context)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    return failWith(`${USAGE}\ngunicorn: error: ${thrown.message}\n`, 2)
  }
}

function shown(does: 'help' | 'version', options: readonly Option[], context: CommandContext): Parsed {
  const { speaks, columns } = context
  return printAndExit(
    does === 'help' ? argparseHelp(USAGE, options, columns) : `gunicorn (version ${speaks.version})\n`,
  )
}

/** gunicorn's own error, after an empty line. */
function error(message: string, below = ''): Parsed {
  return failWith(`\nError: ${message}\n${below}`, 1)
}

/** gunicorn reads its configuration file before anything else. */
function isThere(file: Value, { files }: CommandContext): boolean {
  return files?.exists(String(file).replace(/^file:/, '')) === true
}

/** Settings are applied in the order of the table, whatever was typed first. */
function inOrder(given: ReadonlyMap<Option, OptionValue>): readonly (readonly [Option, OptionValue])[] {
  return [...given].sort(([a], [b]) => OPTIONS.indexOf(a) - OPTIONS.indexOf(b))
}

function complaint(option: Option, value: Value): string | undefined {
  return option.takes === 'int' && typeof value === 'number' && value < 0 ? notPositive(value) : undefined
}

function notPositive(value: number): string {
  return `Value must be positive: ${value}`
}

function valuesOf(given: readonly (readonly [Option, OptionValue])[]): Partial<Values> {
  const entries = given.flatMap(([{ fills }, { value }]) => {
    if (fills === undefined) return []
    return [[fills, typeof value === 'string' ? value.trim() : value] as const]
  })
  return Object.fromEntries(entries)
}

type Defaulted =
  | 'bind'
  | 'backlog'
  | 'workers'
  | 'maxRequests'
  | 'maxRequestsJitter'
  | 'timeout'
  | 'gracefulTimeout'
  | 'keepAlive'
  | 'logLevel'

function run(
  app: string | undefined,
  chosen: Partial<Values>,
  given: readonly (readonly [Option, OptionValue])[],
  context: CommandContext,
): Parsed {
  if (app === undefined) return error('No application module specified.')
  const missing = given.find(([option, { value }]) => isMissing(option, value, context.real ?? false))
  if (missing !== undefined) return optionNotSupported(missing[0], missing[1].name, context)
  const values = withDefaults<Defaulted>(OPTIONS, chosen)
  const mistake = invalidTls(values, { option: '--cert-reqs', authorities: '--ca-certs' }, context)
  if (mistake !== undefined) return mistake
  const file = values.accessLogfile ?? ''
  if (file !== '' && file !== '-' && context.real !== true) {
    return optionNotImplemented(`--access-logfile ${file}`, context)
  }
  const variables = values.rawEnv?.map((text) => text.split(/=(.*)/s, 2))
  const noVariable = values.rawEnv?.find((text) => !text.includes('='))
  if (noVariable !== undefined) {
    return error(`environment setting ${pythonRepr(noVariable)} invalid`, '\n')
  }

  const binds: Bind[] = []
  for (const typed of values.bind) {
    const bind = parseAddress(typed.trim())
    // Raised later than the others, where gunicorn prints one more empty line.
    if ('error' in bind) return error(bind.error, '\n')
    binds.push(bind)
  }
  const settings = {
    speaks: context.speaks,
    app: appTarget(app),
    binds,
    workers: values.workers,
    backlog: values.backlog,
    logLevel: logLevel(values.logLevel),
    accessLog: file !== '',
    keepAlive: values.keepAlive,
    gracefulTimeout: values.gracefulTimeout,
    maxRequestsJitter: values.maxRequestsJitter,
    gunicorn: ownSettings(values, file, app),
    ...withoutUndefined({
      maxRequests: values.maxRequests === 0 ? undefined : values.maxRequests,
      appDir: values.appDir,
      tls: tlsOf(values),
      http: httpOf(values, context.env),
      env: variables === undefined ? undefined : (Object.fromEntries(variables) as Record<string, string>),
    }),
  }
  return { kind: 'run', settings, notices: [] }
}

/** Settings that only gunicorn has. */
function ownSettings(
  values: Partial<Values> & Pick<Values, 'timeout'>,
  accessLogfile: string,
  app: string,
): GunicornSettings {
  const { printConfig, checkConfig, errorLogfile = '-' } = values
  const own = withoutUndefined({
    workerClass: values.workerClass,
    preload: values.preload,
    accessLogfile: accessLogfile === '' || accessLogfile === '-' ? undefined : accessLogfile,
    accessFormat: values.accessFormat,
    errorLogfile: errorLogfile === '-' ? undefined : errorLogfile,
    captureOutput: values.captureOutput === true ? true : undefined,
    pidfile: values.pidfile,
    name: values.name,
    reusePort: values.reusePort === true ? true : undefined,
    check: printConfig === true ? { print: configText(values, app) } : checkConfig === true ? {} : undefined,
  })
  return { timeout: values.timeout, ...own }
}

/** A level that gunicorn does not know becomes `info`, without a message. */
function logLevel(typed: string): LogLevel {
  const level = typed.toLowerCase()
  return LEVELS.find((known) => known === level) ?? 'info'
}

const LEVELS: readonly LogLevel[] = ['critical', 'error', 'warning', 'info', 'debug']
