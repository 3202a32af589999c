import { compareVersions } from '../manager/versions.ts'
import type { Reason } from './reason.ts'

/** What a command line can say, by the name of the setting that it fills; each program's own tables use some of them. */
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

/** A value as an option leaves it. */
export type Value = string | number | boolean | readonly string[]

/** An option of a program. What it means is said here alone; the parsers know only this shape. */
export interface Option {
  /** All spellings, the main one first in the program's own help. */
  readonly names: readonly string[]
  /** Spellings that turn a switch off, e.g. `--no-access-log`. */
  readonly negations?: readonly string[]
  /** `perhaps`: a text, or nothing (argparse's `nargs='?'`). `path`: a file or folder that is there (click). */
  readonly takes:
    'nothing' | 'perhaps' | 'text' | 'int' | 'float' | 'path' | { readonly choices: readonly string[] }
  /** What stands for the value in the help, where the program does not derive it. */
  readonly metavar?: string
  /** May be given several times: the values are collected. */
  readonly repeats?: boolean
  /** The value that it fills. Without it, and without `does`, the option is one that we do not have yet. */
  readonly fills?: keyof Values
  /** Why real processes do not have it. An option that fills no value is refused in the simulator as well. */
  readonly refused?: Reason
  /** Values with which it is as good as left out: they are not refused. */
  readonly accepts?: readonly Value[]
  /** Only real processes have it; the simulator does not yet. */
  readonly real?: true
  /** gunicorn: the name of the setting, where the option does not give it. */
  readonly setting?: string
  /** Prints and ends. */
  readonly does?: 'help' | 'version'
  readonly default?: Value
  /** The environment variable that stands for it, where the rule of the program does not give it. */
  readonly env?: string
  /** typer: complaints of the value name that variable too. */
  readonly tellsEnv?: boolean
  /** The version that brought it, as far as our versions can tell; before, the program knows no such name. */
  readonly since?: string
  /** The version that removed or replaced it. */
  readonly until?: string
  /** One sentence for the help. */
  readonly about: string
}

/** A word without dashes that a program takes. */
export interface Argument {
  /** As the usage line and messages name it. */
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

/** Whether an option with this value cannot be honoured: refused for a reason, or not there yet. `real`: processes are real. */
export function isMissing(option: Option, value: Value, real: boolean): boolean {
  const { fills, does, accepts, refused } = option
  if (does !== undefined || accepts?.includes(value) === true) return false
  if (fills === undefined) return true
  return real ? refused !== undefined : option.real === true
}

/** The values that were given, over the defaults of the table; `Defaulted` are those for which the table has one. */
export function withDefaults<Defaulted extends keyof Values>(
  options: readonly Option[],
  given: Partial<Values>,
): Partial<Values> & Pick<Values, Defaulted> {
  const defaults = options.flatMap(({ fills, default: value }) =>
    fills === undefined || value === undefined ? [] : [[fills, value] as const],
  )
  return { ...Object.fromEntries(defaults), ...given } as Partial<Values> & Pick<Values, Defaulted>
}
