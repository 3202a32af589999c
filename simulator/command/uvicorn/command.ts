import { lookUp } from '../../manager/look-up.ts'
import type { LogLevel } from '../../manager/log.ts'
import type { Bind, HttpSettings, Reload, SettingsOfUvicorn } from '../../manager/settings.ts'
import type { CommandContext, StartupNotice, Parsed } from '../api.ts'
import { clickHelp } from '../click/help.ts'
import { readClick } from '../click/read.ts'
import { clickOf } from '../click/words.ts'
import type { Values } from '../option.ts'
import { withoutUndefined } from '../only.ts'
import { optionsIn, withDefaults } from '../option.ts'
import {
  printAndExit,
  appTarget,
  optionNotSupported,
  notAnInt,
  failWith,
  tlsOf,
  uncaughtError,
  invalidValue,
  invalidTls,
} from '../outcome.ts'
import { parseDotenv } from '../python/dotenv.ts'
import { absolutePath } from '../python/path.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'
import { UsageError } from '../usage-error.ts'
import { appArgument, OPTIONS } from './options.ts'

const USAGE = 'Usage: uvicorn [OPTIONS] APP'

/** Reads a command line of uvicorn, without the program's name. */
export function uvicornCommand(argv: readonly string[], context: CommandContext): Parsed {
  const { version } = context.speaks
  const options = optionsIn(OPTIONS, version)
  const command = {
    options,
    argument: appArgument(version),
    messages: clickOf(version),
    envPrefix: 'UVICORN',
  }
  try {
    const read = readClick(argv, command, context)
    if ('does' in read)
      return printAndExit(
        read.does === 'help' ? clickHelp(USAGE, options, context.columns) : versionText(version),
      )
    const [missing] = read.missing
    return missing === undefined
      ? run(read.values, context)
      : optionNotSupported(missing.option, missing.name, context)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const usage = error.usage ? `${USAGE}\nTry 'uvicorn --help' for help.\n\n` : ''
    return failWith(`${usage}Error: ${error.message}\n`, 2)
  }
}

/** Names the Python version of the recordings: it is part of uvicorn's line. */
function versionText(version: string): string {
  return `Running uvicorn ${version} with CPython 3.11.2 on Linux\n`
}

function run(given: Partial<Values>, around: CommandContext): Parsed {
  const { envFile } = given
  const file = envFile === undefined ? undefined : around.files?.read(envFile)
  if (file !== undefined && 'code' in file)
    return invalidValue('unreadable', { option: '--env-file', file: envFile ?? '', code: file.code }, around)
  const dotenv = file === undefined ? undefined : parseDotenv(file.text, around.env)
  const fromFile = dotenv?.variables
  const context = fromFile === undefined ? around : { ...around, env: { ...fromFile, ...around.env } }
  const workers = given.workers ?? webConcurrency(context.env)
  if (typeof workers === 'string') return notAnInt(workers)
  // Where uvicorn splits its headers.
  if (given.headers?.some((header) => !header.includes(':')) === true)
    return uncaughtError('ValueError', 'not enough values to unpack (expected 2, got 1)')
  const settings = uvicornSettings({ ...given, workers }, context)
  const mistake = wrongHeader(settings, context) ?? invalidTls(given, TLS_NAMES, context)
  if (mistake !== undefined) return mistake
  const notices: StartupNotice[] =
    envFile === undefined ? [] : [{ level: 'info', text: `Loading environment from ${pythonRepr(envFile)}` }]
  for (const line of dotenv?.wrongLines ?? [])
    notices.push({
      level: 'warning',
      text: `python-dotenv could not parse statement starting at line ${line}`,
    })
  const env = fromFile === undefined ? undefined : withoutNames(fromFile, around.env)
  return { kind: 'run', settings: { ...settings, ...withoutUndefined({ env }) }, notices }
}

const TLS_NAMES = { option: '--ssl-cert-reqs', authorities: '--ssl-ca-certs' }

/** The syntax of a header's name (RFC 9110 5.6.2) and of its value (5.5; Python sends Latin-1). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

/** Refuses a header that cannot be sent: every response would fail. `undefined` when all headers are fine. */
function wrongHeader({ http }: SettingsOfUvicorn, context: CommandContext): Parsed | undefined {
  for (const [name, value] of http?.headers ?? []) {
    if (!HEADER_NAME.test(name)) return invalidValue('headerName', { option: '--header', name }, context)
    if (!HEADER_VALUE.test(value))
      return invalidValue('headerValue', { option: '--header', name, value }, context)
  }
  return undefined
}

/** The variables that are not set in the environment. */
function withoutNames(variables: Readonly<Record<string, string>>, env: CommandContext['env']) {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => lookUp(env, name) === undefined))
}

/** `$WEB_CONCURRENCY` or 1; when it is not a number, its `repr()`. */
export function webConcurrency(env: CommandContext['env']): number | string {
  const text = env['WEB_CONCURRENCY']
  if (text === undefined) return 1
  return pythonInt(text) ?? pythonRepr(text)
}

/** The values that have a default in uvicorn. */
type Defaulted =
  | 'host'
  | 'port'
  | 'backlog'
  | 'logLevel'
  | 'accessLog'
  | 'keepAlive'
  | 'healthcheckTimeout'
  | 'maxRequestsJitter'
  | 'reloadDelay'

/** The settings of uvicorn, also of the uvicorn that fastapi-cli starts: the given values over uvicorn's defaults. */
export function uvicornSettings(
  given: Partial<Values> & Pick<Values, 'workers'>,
  context: CommandContext,
): SettingsOfUvicorn {
  const values = withDefaults<Defaulted>(OPTIONS, given)
  return {
    speaks: context.speaks,
    app: appTarget(values.app ?? ''),
    binds: [bindOf(values)],
    workers: given.workers,
    backlog: values.backlog,
    // The table allows no other word.
    logLevel: values.logLevel as LogLevel,
    accessLog: values.accessLog,
    keepAlive: values.keepAlive,
    maxRequestsJitter: values.maxRequestsJitter,
    uvicorn: {
      healthcheckTimeout: values.healthcheckTimeout,
      ...withoutUndefined({ reload: values.reload === true ? reloadOf(values, context) : undefined }),
    },
    ...withoutUndefined({
      colors: values.colors,
      gracefulTimeout: values.gracefulTimeout,
      maxRequests: values.maxRequests,
      appDir: values.appDir === '' ? undefined : values.appDir,
      rootPath: values.rootPath === '' ? undefined : values.rootPath,
      tls: tlsOf(values),
      http: httpOf(values, context.env),
      lifespan: values.lifespan === 'off' ? 'off' : undefined,
      factory: values.factory === true ? true : undefined,
    }),
  }
}

/** The folders and patterns to watch. The default is the working folder. Patterns need the second of uvicorn's two reloaders. */
function reloadOf(
  values: Partial<Values> & Pick<Values, 'reloadDelay'>,
  { cwd = '' }: CommandContext,
): Reload {
  const { reloadDirs = [], reloadIncludes: includes = [], reloadExcludes: excludes = [] } = values
  const patterns = includes.length > 0 || excludes.length > 0
  return {
    reloader: patterns ? 'WatchFiles' : 'StatReload',
    dirs:
      reloadDirs.length === 0 ? [cwd] : [...new Set(reloadDirs.map((dir) => absolutePath(dir, cwd)))].sort(),
    includes,
    excludes,
    delay: values.reloadDelay,
  }
}

/** What the server does to requests and responses apart from the application; `undefined` when all is default. */
export function httpOf(values: Partial<Values>, env: CommandContext['env']): HttpSettings | undefined {
  const headers = values.headers?.map((header): readonly [string, string] => {
    const colon = header.indexOf(':')
    return [header.slice(0, colon), header.slice(colon + 1)]
  })
  const http = withoutUndefined({
    proxyHeaders: values.proxyHeaders === false ? false : undefined,
    forwardedAllowIps: values.forwardedAllowIps ?? env['FORWARDED_ALLOW_IPS'],
    serverHeader: values.serverHeader,
    dateHeader: values.dateHeader === false ? false : undefined,
    headers: headers?.map(([name, value]) => [name.trim(), value.trim()] as const),
    limitConcurrency: values.limitConcurrency,
    maxHead: values.maxHead,
    upgrades: values.websocket === 'none' ? false : undefined,
  })
  return Object.keys(http).length === 0 ? undefined : http
}

/** A unix socket wins over a descriptor, and that over host and port. */
function bindOf(values: Partial<Values> & Pick<Values, 'host' | 'port'>): Bind {
  // Like Python, an empty one counts as not given.
  if (values.uds !== undefined && values.uds !== '') return { kind: 'unix', path: values.uds }
  if (values.fd !== undefined) return { kind: 'fd', fd: values.fd }
  return { kind: 'tcp', host: values.host, port: values.port }
}
