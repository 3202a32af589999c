import { compareVersions } from '../manager/versions.ts'
import type { Reason } from './reason.ts'

/** The values that command lines give, by setting; each program's table of options uses some of them. */
export interface Values {
  readonly host: string
  readonly port: number
  readonly uds: string
  readonly fd: number
  /** gunicorn: addresses as typed. */
  readonly bind: readonly string[]
  readonly workers: number
  readonly backlog: number
  readonly logLevel: string
  readonly accessLog: boolean
  /** gunicorn: the file that requests are logged to; `-` is stdout. */
  readonly accessLogfile: string
  readonly colors: boolean
  readonly keepAlive: number
  readonly gracefulTimeout: number
  readonly healthcheckTimeout: number
  readonly timeout: number
  readonly maxRequests: number
  readonly maxRequestsJitter: number
  readonly workerClass: string
  readonly preload: boolean
  readonly appDir: string
  readonly rootPath: string
  readonly keyfile: string
  readonly certfile: string
  readonly keyfilePassword: string
  readonly sslVersion: number
  readonly certReqs: number
  readonly caCerts: string
  readonly ciphers: string
  readonly reload: boolean
  readonly reloadDirs: readonly string[]
  readonly reloadIncludes: readonly string[]
  readonly reloadExcludes: readonly string[]
  readonly reloadDelay: number
  readonly envFile: string
  readonly lifespan: string
  readonly websocket: string
  readonly proxyHeaders: boolean
  readonly forwardedAllowIps: string
  readonly serverHeader: boolean
  readonly dateHeader: boolean
  readonly headers: readonly string[]
  readonly limitConcurrency: number
  readonly maxHead: number
  readonly factory: boolean
  /** gunicorn */
  readonly accessFormat: string
  readonly errorLogfile: string
  readonly captureOutput: boolean
  readonly checkConfig: boolean
  readonly printConfig: boolean
  readonly reusePort: boolean
  readonly rawEnv: readonly string[]
  readonly pidfile: string
  readonly name: string
  readonly config: string
  /** fastapi: module and application, as `main:app`. */
  readonly entrypoint: string
  /** The application as typed: `main:app`, or for fastapi the name of the object in the module. */
  readonly app: string
  /** fastapi: the file or package. */
  readonly path: string
}

/** The value of an option after parsing. */
export type Value = string | number | boolean | readonly string[]

/** An option of a program. Its meaning is defined here alone; the parsers know only this shape. */
export interface Option {
  /** All spellings, the one that the program's help shows first at the front. */
  readonly names: readonly string[]
  /** Spellings that turn a switch off, e.g. `--no-access-log`. */
  readonly negations?: readonly string[]
  /** `perhaps`: a text, or nothing (argparse's `nargs='?'`). `path`: an existing file or folder (click). */
  readonly takes:
    'nothing' | 'perhaps' | 'text' | 'int' | 'float' | 'path' | { readonly choices: readonly string[] }
  /** The placeholder of the value in the help, where the program does not derive it. */
  readonly metavar?: string
  /** May be given several times: the values are collected. */
  readonly repeats?: boolean
  /** The value that it fills. Without `fills` and `does` the option is not implemented yet. */
  readonly fills?: keyof Values
  /** Why real processes do not have it. An option without `fills` is refused in the simulator as well. */
  readonly refused?: Reason
  /** Values that change nothing: they are not refused. */
  readonly accepts?: readonly Value[]
  /** Only real processes have it; the simulator does not yet. */
  readonly real?: true
  /** gunicorn: the name of the setting, where the option does not give it. */
  readonly setting?: string
  /** It prints something and ends. */
  readonly does?: 'help' | 'version'
  readonly default?: Value
  /** Its environment variable, where it does not follow the program's rule. */
  readonly env?: string
  /** typer: errors about the value name that variable too. */
  readonly tellsEnv?: boolean
  /** The version that introduced it; earlier versions do not know the name. */
  readonly since?: string
  /** The version that removed or replaced it. */
  readonly until?: string
  /** Its description in the help. */
  readonly about: string
}

/** A positional argument. */
export interface Argument {
  /** Its name in the usage line and in messages. */
  readonly name: string
  readonly fills: keyof Values
  readonly required: boolean
  readonly env?: string
  readonly about?: string
}

/** The options that a version of their program has, in the same order. */
export function optionsIn(options: readonly Option[], version: string): readonly Option[] {
  return options.filter(({ since, until }) => {
    const old = since !== undefined && compareVersions(version, since) < 0
    return !old && (until === undefined || compareVersions(version, until) < 0)
  })
}

/** Whether an option with this value is not supported: refused for a reason, or not implemented yet. `real`: processes are real. */
export function isMissing(option: Option, value: Value, real: boolean): boolean {
  const { fills, does, accepts, refused } = option
  if (does !== undefined || accepts?.includes(value) === true) return false
  if (fills === undefined) return true
  return real ? refused !== undefined : option.real === true
}

/** The given values over the defaults of the table; `Defaulted` are the values for which the table has a default. */
export function withDefaults<Defaulted extends keyof Values>(
  options: readonly Option[],
  given: Partial<Values>,
): Partial<Values> & Pick<Values, Defaulted> {
  const defaults = options.flatMap(({ fills, default: value }) =>
    fills === undefined || value === undefined ? [] : [[fills, value] as const],
  )
  return { ...Object.fromEntries(defaults), ...given } as Partial<Values> & Pick<Values, Defaulted>
}
