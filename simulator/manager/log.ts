/** Levels of Python's logging, with uvicorn's `trace`. */
export type LogLevel = 'critical' | 'error' | 'warning' | 'info' | 'debug' | 'trace'

/** The two output streams of a process. */
export type Stream = 'stdout' | 'stderr'

/**
 * A part of a message. Programs colour some parts (uvicorn: the address bold, PIDs cyan); only `terminal/` knows how. `parent` and `worker`
 * are PIDs that uvicorn colours; a PID in a supervisor's line is plain text.
 */
export type MessagePart =
  | string
  /** `plain` replaces it where there are no colours: uvicorn then prints `unix socket app.sock`. */
  | { readonly part: 'address'; readonly text: string; readonly plain?: string }
  /** The name of uvicorn's reloader. */
  | { readonly part: 'reloader'; readonly text: string }
  /** What rich takes for its markup, and fastapi-cli therefore loses. */
  | { readonly part: 'markup'; readonly text: string }
  | { readonly part: 'parent'; readonly pid: number }
  | { readonly part: 'worker'; readonly pid: number }
  | { readonly part: 'pid'; readonly pid: number }

/** An exception to be printed: its class and message, and the frames as far as the host knows them. */
export interface ExceptionInfo {
  /** The class, e.g. `RuntimeError`. */
  readonly name: string
  readonly message: string
  /** Frames, innermost last, each already one or more lines in the form `File "…", line N, in f`. May be empty. */
  readonly frames: readonly string[]
  /** The exception that was being handled when this one was raised: printed first, then `During handling of the above exception, …`. */
  readonly during?: ExceptionInfo
  /** The exception that this one was raised from (`raise … from …`): printed first, then `The above exception was the direct cause …`. */
  readonly cause?: ExceptionInfo
}

/** A line of gunicorn's access log in a custom format: the atom `h` replaces `%(h)s`. The printer adds the time. */
export interface CustomAccess {
  readonly format: string
  readonly atoms: Readonly<Record<string, string | number>>
}

/** A line (or block) of output before it is text. `pid` is the process that prints it. */
export type LogRecord =
  | {
      readonly kind: 'message'
      readonly pid: number
      readonly level: LogLevel
      readonly parts: readonly MessagePart[]
      /** An exception logged with the message (`exc_info`): printed as a traceback below it. */
      readonly raised?: ExceptionInfo
    }
  | {
      readonly kind: 'access'
      readonly pid: number
      /** Undefined when the client connected over a unix socket. */
      readonly client?: { readonly host: string; readonly port: number }
      readonly method: string
      /** Path with its query. */
      readonly target: string
      readonly httpVersion: string
      readonly status: number
      /** gunicorn `--access-logformat`: the format and its atoms. The line is logged when the response has ended. */
      readonly custom?: CustomAccess
      /** gunicorn's own `asgi` worker logs when a response has ended, in the combined format: the body's bytes, and two headers. */
      readonly combined?: { readonly bytes: number; readonly referer?: string; readonly agent?: string }
    }
  /** An uncaught exception, as Python prints it to stderr. `heading` stands above it, e.g. `Process SpawnProcess-1:`. */
  | {
      readonly kind: 'traceback'
      readonly pid: number
      readonly heading?: string
      readonly raised: ExceptionInfo
    }
  /** Text without any decoration, e.g. what an application prints, or gunicorn's bare `Failed to find attribute …`. */
  | { readonly kind: 'bare'; readonly pid: number; readonly stream: Stream; readonly text: string }
  /**
   * fastapi-cli 0.0.32 queries the terminal's colours (OSC 11: background, OSC 10: foreground) on stdout, without a line break; not when
   * stdout is no terminal.
   */
  | { readonly kind: 'question'; readonly pid: number; readonly asks: 'background' | 'foreground' }
  /** The blocks that `fastapi run` and `fastapi dev` print before the server starts. */
  | { readonly kind: 'banner'; readonly pid: number; readonly banner: Banner }

/** The blocks of fastapi-cli's banner, in the order in which they are printed. 0.0.32 no longer prints `searching`, `module` and `code`. */
export type Banner =
  | { readonly show: 'title'; readonly command: 'run' | 'dev' }
  /** The folder that was searched for a package structure, and the folder that the module is imported from, once it is known. */
  | { readonly show: 'searching'; readonly folder?: string }
  /** `file` as found, e.g. `main.py`. */
  | { readonly show: 'module'; readonly file: string }
  | { readonly show: 'code'; readonly module: string; readonly attribute: string }
  /** `discovered`: neither a file nor a name was typed. 0.0.32 says so, and how to put what it found into a file. */
  | { readonly show: 'app'; readonly importString: string; readonly discovered?: boolean }
  | { readonly show: 'server'; readonly url: string; readonly docs: string; readonly command: 'run' | 'dev' }
  | { readonly show: 'logs' }
  /** The reason why no server starts, e.g. `Path does not exist nosuch.py`. */
  | { readonly show: 'error'; readonly text: string }
  /** The application's own exception while it was imported (a box drawn by rich). */
  | { readonly show: 'exception'; readonly raised: ExceptionInfo }

/** Whether a record of this level is printed when the log level is `asked`. */
export function isPrinted(level: LogLevel, asked: LogLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(asked)
}

const LEVELS: readonly LogLevel[] = ['critical', 'error', 'warning', 'info', 'debug', 'trace']
