import type { ClientRequest, ClientWatch, System } from '../machine/system.ts'
import type { SignalName } from '../manager/signals.ts'
import type { Key } from './editor/keys.ts'
import type { Keyboard } from './run/tty.ts'
import type { Jobs } from './run/jobs.ts'
import type { Scope } from './run/scope.ts'
import type { Source } from './run/streams.ts'
import type { ShellWords } from './words.ts'

/** A running program of the shell: what it was given, and what it may do. */
export interface Call {
  readonly system: System
  readonly words: ShellWords
  readonly terminal: string
  /** Its name and its arguments, with variables replaced. */
  readonly name: string
  readonly args: readonly string[]
  /** The command line as typed. */
  readonly source: string
  readonly env: Readonly<Record<string, string>>
  /** The absolute path of the working folder. */
  readonly cwd: string
  /** The process that it runs as; 0 for what the shell does itself. */
  readonly pid: number
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  /** Whether its output goes to the terminal. */
  readonly tty: boolean
  readonly stdin: Source
  readonly history: readonly string[]
  readonly programs: readonly Program[]
  /** What of the shell itself its builtins use. */
  readonly shell: Inside
  out(text: string): void
  err(text: string): void
  /** Says something in our own words, set apart from what the real program would print. */
  note(text: string): void
  /** The program has ended, later than its first turn. */
  exit(code: number): void
  /** Calls back after so many virtual ms; while the program is stopped it waits, and once it has ended it does not come. */
  after(ms: number, run: () => void): void
  /** As `System.request`; what comes while the program is stopped waits, and once it has ended nothing comes. */
  request(request: ClientRequest, watch: ClientWatch): void
  /** Every key that is typed goes to the program. */
  keys(onKey: (key: Key) => void): void
  /** The program has a handler for this signal. */
  on(signal: SignalName, run: () => void): void
  /** Runs a line as a child; `done` gets its exit code. What it prints goes to `out`, or where the program's own output goes. */
  execute(line: Command, done: (code: number) => void, out?: (text: string) => void): Child
}

/** A line of the shell, or words that need not be read any more. */
export type Command =
  { readonly line: string; readonly args?: readonly string[] } | { readonly words: readonly string[] }

export interface Child {
  /** Sends a signal to every process of it. */
  signal(signal: SignalName): void
}

/** The shell as its builtins see it. */
export interface Inside {
  readonly scope: Scope
  readonly jobs: Jobs
  readonly keyboard: Keyboard
  /** The names that can be typed. */
  readonly commands: readonly string[]
  isServer(name: string): boolean
  /** Ends the shell: of a terminal, or the one inside which this runs. */
  leave(code: number): void
}

/** Something that can be typed. */
export interface Program {
  readonly name: string
  /** Runs inside the shell and gets no process of its own. */
  readonly builtin?: boolean
  /** Other things about it that the shell must know: its memory while it runs, in bytes. */
  readonly memory?: number
  /** Its exit code; nothing when it goes on and will call `exit`. */
  readonly run: (call: Call) => number | undefined
}
