import type { LogRecord, Stream } from '../manager/log.ts'
import type { Speaker } from '../manager/settings.ts'

/** What a program knows of the medium it writes to. */
export interface Medium {
  /** Whether the stream is a terminal. */
  readonly terminal: boolean
  /** Width in columns (80 when the medium is no terminal). */
  readonly columns: number
  /** What the terminal says that it can show: `COLORTERM=truecolor`, a TERM with `256color`, or less. */
  readonly colors: 'truecolor' | '256' | '16' | 'none'
}

/**
 * The text that a record becomes, with the escapes of the real program: whole lines, each ending in `\n`. Only a question
 * to the terminal is no line, and some records are nothing in some programs.
 */
export interface Output {
  readonly stream: Stream
  readonly text: string
}

/** Turns the records of one process into text, as one program in one version prints them. */
export type Printer = (record: LogRecord, now: WallClock) => Output

/** Calendar time for the programs that print it, in milliseconds since 1970, and the zone's offset in minutes. */
export interface WallClock {
  readonly epochMs: number
  readonly offsetMinutes: number
}

/** What `printer()` needs: who speaks, on which medium, and what the options force. */
export interface PrinterOptions {
  readonly speaks: Speaker
  readonly stdout: Medium
  readonly stderr: Medium
  /** `--use-colors` / `--no-use-colors`. */
  readonly colors?: boolean
}
