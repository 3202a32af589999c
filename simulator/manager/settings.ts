import type { LogLevel } from './log.ts'

/** The programs whose manner we speak. */
export type ProgramName = 'uvicorn' | 'gunicorn' | 'fastapi'

/** Which program, in which version: one value decides every rule and every line. */
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
  /** As it was typed, e.g. `main:app`; also without a colon, which each program complains of in its own words. */
  readonly typed: string
  readonly module: string
  /** Empty when nothing was typed after the colon. May hold dots. */
  readonly attribute: string
}

/** What only `fastapi run` and `fastapi dev` know: the file is looked for, and imported once, before any server starts. */
export interface FastapiSettings {
  readonly command: 'run' | 'dev'
  /** The file or package as typed, or nothing: then `main`, `app`, `api` are looked for. */
  readonly path?: string
  /** `--app`: the name of the object in the module. */
  readonly app?: string
  /** `--entrypoint`: module and object, instead of both. */
  readonly entrypoint?: string
}

/** Watching files and restarting the worker when one changes (`--reload`, `fastapi dev`). */
export interface Reload {
  /** Which of uvicorn's two: the first looks at times of change, the other also knows patterns. */
  readonly reloader: 'StatReload' | 'WatchFiles'
  /** Absolute folders. */
  readonly dirs: readonly string[]
  readonly includes: readonly string[]
  readonly excludes: readonly string[]
  /** Seconds between two looks. */
  readonly delay: number
}

/** What a server does to requests and responses beside the application. */
export interface HttpSettings {
  /** `--no-proxy-headers`: nobody's X-Forwarded headers are believed. */
  readonly proxyHeaders?: boolean
  /** Whose are: addresses and networks with commas between them, or `*`. By default those of this computer (`trustedProxies`). */
  readonly forwardedAllowIps?: string
  readonly serverHeader?: boolean
  readonly dateHeader?: boolean
  /** `--header`: for every response. */
  readonly headers?: readonly (readonly [string, string])[]
  /** From so many connections on, the answer is 503. */
  readonly limitConcurrency?: number
  /** The most bytes of a request's head. */
  readonly maxHead?: number
  /** `--ws none`: no connection becomes a WebSocket. */
  readonly upgrades?: boolean
}

/** What only uvicorn knows, also the uvicorn that fastapi-cli starts. */
export interface UvicornSettings {
  /** How long the supervisor waits for the answer to a ping (5). */
  readonly healthcheckTimeout: number
  readonly reload?: Reload
}

/** What only gunicorn knows. */
export interface GunicornSettings {
  /** A worker silent for longer is killed (30; 0 turns it off). */
  readonly timeout: number
  /** `--worker-class` as typed. */
  readonly workerClass?: string
  /** `--preload`: the application is imported by the arbiter, before it forks. */
  readonly preload?: boolean
  /** `--access-logfile` when it is no `-`, and `--access-logformat`. */
  readonly accessLogfile?: string
  readonly accessFormat?: string
  /** `--error-logfile` when it is no `-`. */
  readonly errorLogfile?: string
  /** What workers print goes to the error log's file as well. */
  readonly captureOutput?: boolean
  readonly pidfile?: string
  /** `--name`: as the processes are called. */
  readonly name?: string
  readonly reusePort?: boolean
  /** `--check-config`, `--print-config`: the application is imported, and that is all. `print` is shown first. */
  readonly check?: { readonly print?: string }
}

/** Files are in PEM. */
export interface TlsSettings {
  readonly keyfile?: string
  readonly certfile?: string
  /** Of the key. */
  readonly password?: string
  /** Of Python's `ssl` module: 17 (and 2, 16) for all, 3, 4 and 5 for TLS 1.0, 1.1 and 1.2 alone. */
  readonly version?: number
  /** Whether clients need a certificate: 0 no, 1 if they have one it must be valid, 2 yes. */
  readonly certReqs?: number
  /** The authorities that clients are checked by. */
  readonly caCerts?: string
  readonly ciphers?: string
}

/** What a command line of any program decides. Times are in seconds, as on the command line. */
export interface CommonSettings {
  readonly speaks: Speaker
  readonly app: AppTarget
  readonly binds: readonly Bind[]
  /** How many worker processes were asked for. uvicorn: 1 or less means that the manager itself serves. */
  readonly workers: number
  readonly backlog: number
  readonly logLevel: LogLevel
  /** Whether requests are logged. gunicorn: only with `--access-logfile`. */
  readonly accessLog: boolean
  /** Colours forced on or off by an option; nothing means: when the output is a terminal. */
  readonly colors?: boolean
  /** Idle keep-alive connections are closed after so many seconds (uvicorn 5, gunicorn 2). */
  readonly keepAlive: number
  /** How long a stopping worker may go on answering. Nothing: no limit (uvicorn's default); gunicorn 30. */
  readonly gracefulTimeout?: number
  /** A worker ends itself after so many requests. */
  readonly maxRequests?: number
  /** Up to so many more, drawn once per worker. */
  readonly maxRequestsJitter: number
  /** TLS key and certificate files, when HTTPS was asked for. */
  readonly tls?: TlsSettings
  /** Where modules are looked for, relative to the working folder (`--app-dir`, `--chdir`). */
  readonly appDir?: string
  /** `--root-path`. */
  readonly rootPath?: string
  readonly http?: HttpSettings
  /** Variables for the application (`--env-file`, gunicorn's `--env`). */
  readonly env?: Readonly<Record<string, string>>
  /** `off`: the application's startup and shutdown are not run, nor spoken of. */
  readonly lifespan?: 'off'
  /** The application is what the function at `app` gives. */
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

/** Everything that a command line decides: the part that its program alone knows says which program it is. */
export type Settings = SettingsOfUvicorn | SettingsOfFastapi | SettingsOfGunicorn
