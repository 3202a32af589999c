import type { LogLevel } from './log.ts'

/** The programs whose behaviour is reproduced. */
export type ProgramName = 'uvicorn' | 'gunicorn' | 'fastapi'

/** A program in a version: this one value decides every rule and every line. */
export interface Speaker {
  readonly program: ProgramName
  /** The program's own version, e.g. `0.51.0`; `fastapi` is fastapi-cli. */
  readonly version: string
}

/** Where the server listens. */
export type Bind =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }

/** The application: `main:app` is the module `main` and in it the attribute `app`. */
export interface AppTarget {
  /** As typed, e.g. `main:app`; also without a colon, which each program rejects in its own words. */
  readonly typed: string
  readonly module: string
  /** Empty when nothing was typed after the colon. May hold dots. */
  readonly attribute: string
}

/** What only `fastapi run` and `fastapi dev` know: the file is looked for, and imported once, before any server starts. */
export interface FastapiSettings {
  readonly command: 'run' | 'dev'
  /** The file or package as typed; without it `main`, `app` and `api` are tried. */
  readonly path?: string
  /** `--app`: the name of the object in the module. */
  readonly app?: string
  /** `--entrypoint`: module and object, instead of both. */
  readonly entrypoint?: string
}

/** Watching files and restarting the worker when one changes (`--reload`, `fastapi dev`). */
export interface Reload {
  /** Which of uvicorn's two reloaders: the first compares modification times, the second also knows patterns. */
  readonly reloader: 'StatReload' | 'WatchFiles'
  /** Absolute folders. */
  readonly dirs: readonly string[]
  readonly includes: readonly string[]
  readonly excludes: readonly string[]
  /** Seconds between two checks. */
  readonly delay: number
}

/** What a server does to requests and responses, apart from the application. */
export interface HttpSettings {
  /** `--no-proxy-headers`: X-Forwarded headers are never trusted. */
  readonly proxyHeaders?: boolean
  /**
   * Whose X-Forwarded headers are trusted: addresses and networks separated by commas, or `*`. By default this computer's own
   * (`trustedProxies`).
   */
  readonly forwardedAllowIps?: string
  readonly serverHeader?: boolean
  readonly dateHeader?: boolean
  /** `--header`: added to every response. */
  readonly headers?: readonly (readonly [string, string])[]
  /** With this many connections open, further requests get a 503. */
  readonly limitConcurrency?: number
  /** The maximal size of a request's head in bytes. */
  readonly maxHead?: number
  /** `--ws none`: no connection becomes a WebSocket. */
  readonly upgrades?: boolean
}

/** Settings of uvicorn alone, also of the uvicorn that fastapi-cli starts. */
export interface UvicornSettings {
  /** How long the supervisor waits for the answer to a ping, in seconds (5). */
  readonly healthcheckTimeout: number
  readonly reload?: Reload
}

/** Settings of gunicorn alone. */
export interface GunicornSettings {
  /** A worker without a heartbeat for this many seconds is killed (30; 0 turns it off). */
  readonly timeout: number
  /** `--worker-class` as typed. */
  readonly workerClass?: string
  /** `--preload`: the application is imported by the arbiter, before it forks. */
  readonly preload?: boolean
  /** `--access-logfile` unless it is `-`, and `--access-logformat`. */
  readonly accessLogfile?: string
  readonly accessFormat?: string
  /** `--error-logfile` unless it is `-`. */
  readonly errorLogfile?: string
  /** Output of the workers goes to the error log's file as well. */
  readonly captureOutput?: boolean
  readonly pidfile?: string
  /** `--name`: the processes' name. */
  readonly name?: string
  readonly reusePort?: boolean
  /** `--check-config`, `--print-config`: the application is imported, and nothing else happens. `print` is printed first. */
  readonly check?: { readonly print?: string }
}

/** Paths of PEM files. */
export interface TlsSettings {
  readonly keyfile?: string
  readonly certfile?: string
  /** The key's password. */
  readonly password?: string
  /** A number of Python's `ssl` module: 17 (also 2, 16) allows all versions; 3, 4 and 5 only TLS 1.0, 1.1 and 1.2. */
  readonly version?: number
  /** Whether clients need a certificate: 0 no, 1 a certificate that is shown must be valid, 2 yes. */
  readonly certReqs?: number
  /** The authorities whose client certificates are accepted. */
  readonly caCerts?: string
  readonly ciphers?: string
}

/** Settings that every program has. Times are in seconds, as on the command line. */
export interface CommonSettings {
  readonly speaks: Speaker
  readonly app: AppTarget
  readonly binds: readonly Bind[]
  /** The number of worker processes. uvicorn: with 1 or less, the manager's process serves itself. */
  readonly workers: number
  readonly backlog: number
  readonly logLevel: LogLevel
  /** Whether requests are logged. gunicorn: only with `--access-logfile`. */
  readonly accessLog: boolean
  /** Colours forced on or off by an option; `undefined`: coloured when the output is a terminal. */
  readonly colors?: boolean
  /** Seconds until an idle keep-alive connection is closed (uvicorn 5, gunicorn 2). */
  readonly keepAlive: number
  /** How many seconds a stopping worker may still answer requests. `undefined`: no limit (uvicorn's default); gunicorn 30. */
  readonly gracefulTimeout?: number
  /** A worker ends itself after this many requests. */
  readonly maxRequests?: number
  /** Up to this many more requests, drawn once per worker. */
  readonly maxRequestsJitter: number
  /** TLS key and certificate files, when HTTPS was asked for. */
  readonly tls?: TlsSettings
  /** The folder that modules are imported from, relative to the working folder (`--app-dir`, `--chdir`). */
  readonly appDir?: string
  /** `--root-path`. */
  readonly rootPath?: string
  readonly http?: HttpSettings
  /** Variables for the application (`--env-file`, gunicorn's `--env`). */
  readonly env?: Readonly<Record<string, string>>
  /** `off`: the application's startup and shutdown are not run, and nothing is logged about them. */
  readonly lifespan?: 'off'
  /** `--factory`: the application is what the function at `app` returns. */
  readonly factory?: boolean
}

/** The settings of `uvicorn`. */
export interface SettingsOfUvicorn extends CommonSettings {
  readonly uvicorn: UvicornSettings
  readonly fastapi?: never
  readonly gunicorn?: never
}

/** The settings of `fastapi run` and `fastapi dev`, which start a uvicorn. */
export interface SettingsOfFastapi extends CommonSettings {
  readonly uvicorn: UvicornSettings
  readonly fastapi: FastapiSettings
  readonly gunicorn?: never
}

/** The settings of `gunicorn`. */
export interface SettingsOfGunicorn extends CommonSettings {
  readonly gunicorn: GunicornSettings
  readonly uvicorn?: never
  readonly fastapi?: never
}

/** All settings of a command line; which program it is follows from the part that only that program has. */
export type Settings = SettingsOfUvicorn | SettingsOfFastapi | SettingsOfGunicorn
