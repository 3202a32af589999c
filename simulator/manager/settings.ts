import type { LogLevel } from './log.ts'

/** The programs whose manner we speak. */
export type Program = 'uvicorn' | 'gunicorn' | 'fastapi'

/** Which program, in which version: one value decides every rule and every line. */
export interface Speaker {
  readonly program: Program
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
}

/** Everything that a command line decides. Times are in seconds, as on the command line. */
export interface Settings {
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
  /** uvicorn: how long the supervisor waits for the answer to a ping (5). */
  readonly healthcheckTimeout: number
  /** gunicorn: a worker silent for longer is killed (30; 0 turns it off). */
  readonly timeout: number
  /** A worker ends itself after so many requests. */
  readonly maxRequests?: number
  /** Up to so many more, drawn once per worker. */
  readonly maxRequestsJitter: number
  /** gunicorn: `--worker-class` as typed. */
  readonly workerClass?: string
  readonly fastapi?: FastapiSettings
  /** TLS key and certificate files, when HTTPS was asked for. */
  readonly tls?: { readonly keyfile?: string; readonly certfile?: string }
  /** Where modules are looked for, relative to the working folder (`--app-dir`, `--chdir`). */
  readonly appDir?: string
  /** gunicorn `--preload`: the application is imported by the arbiter, before it forks. */
  readonly preload?: boolean
  /** `--root-path`. */
  readonly rootPath?: string
}
