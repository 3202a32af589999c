import type { LogRecord, Stream } from '../manager/log.ts'
import type { Speaker } from '../manager/settings.ts'

/** The stream or terminal that a program writes to. */
export interface Medium {
  /** Whether the stream is a terminal. */
  readonly terminal: boolean
  /** Width in columns (80 when the medium is no terminal). */
  readonly columns: number
  /** The colours that the terminal supports: `COLORTERM=truecolor`, a TERM with `256color`, or fewer. */
  readonly colors: 'truecolor' | '256' | '16' | 'none'
}

/**
 * The text of a record with the escape sequences of the real program: whole lines, each ending in `\n`. Exceptions: a query to the terminal
 * has no line break, and a record that the program does not print gives an empty string.
 */
export interface Output {
  readonly stream: Stream
  readonly text: string
}

/** Turns a log record into text, as one version of one program prints it. */
export type Printer = (record: LogRecord, now: WallClock) => Output

/** Calendar time in ms since 1970, and the time zone's offset in minutes: some programs print it. */
export interface WallClock {
  readonly epochMs: number
  readonly offsetMinutes: number
}

/** What `printer()` needs: the program and version, the medium, and the options that force colours on or off. */
export interface PrinterOptions {
  readonly speaks: Speaker
  readonly stdout: Medium
  readonly stderr: Medium
  /** `--use-colors` / `--no-use-colors`. */
  readonly colors?: boolean
}
