import type { ClientRequest, ClientCallbacks, System } from '../machine/system.ts'
import type { SignalName } from '../manager/signals.ts'
import type { Key } from './editor/keys.ts'
import type { Keyboard } from './run/tty.ts'
import type { Jobs } from './run/jobs.ts'
import type { Scope } from './run/scope.ts'
import type { Source } from './run/streams.ts'
import type { ShellWords } from './words.ts'

/** A running program of the shell: its arguments, and what it can do. */
export interface ProgramContext {
  readonly system: System
  readonly words: ShellWords
  /** The terminal that it runs on; a program of a unit or a container has none. */
  readonly terminal: string | undefined
  /** Its name and its arguments, with variables replaced. */
  readonly name: string
  readonly args: readonly string[]
  /** The command line as typed. */
  readonly source: string
  readonly env: Readonly<Record<string, string>>
  /** The absolute path of the working folder. */
  readonly cwd: string
  /** Its process; 0 for a builtin, which runs in the shell. */
  readonly pid: number
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  /** Whether its output goes to the terminal. */
  readonly tty: boolean
  readonly stdin: Source
  readonly history: readonly string[]
  readonly programs: readonly ShellProgram[]
  /** The parts of the shell that builtins use. */
  readonly shell: ShellInternals
  out(text: string): void
  err(text: string): void
  /** Prints a sentence of ours, set apart from what the real program would print. */
  note(text: string): void
  /** Ends the program, after `run` has returned. */
  exit(code: number): void
  /** Calls back after `ms` of virtual time; later if the program is stopped then, and not at all if it has ended. */
  after(ms: number, run: () => void): void
  /** As `System.request`; callbacks wait while the program is stopped, and are dropped when it has ended. */
  request(request: ClientRequest, callbacks: ClientCallbacks): void
  /** Every key that is typed goes to the program. */
  keys(onKey: (key: Key) => void): void
  /** The program has a handler for this signal. */
  on(signal: SignalName, run: () => void): void
  /** Runs a line as a child; `done` gets its exit code. Its output goes to `out`, or to the program's own output. */
  execute(line: CommandInput, done: (code: number) => void, out?: (text: string) => void): ChildCommand
}

/** A line for the shell to parse, or words that are already parsed. */
export type CommandInput =
  { readonly line: string; readonly args?: readonly string[] } | { readonly words: readonly string[] }

export interface ChildCommand {
  /** Sends a signal to all its processes. */
  signal(signal: SignalName): void
}

/** The parts of the shell that builtins use. */
export interface ShellInternals {
  readonly scope: Scope
  readonly jobs: Jobs
  readonly keyboard: Keyboard
  /** The names of commands that can be typed. */
  readonly commands: readonly string[]
  isServer(name: string): boolean
  /** Ends the shell that this runs in. */
  leave(code: number): void
}

/** A program or builtin of the shell. */
export interface ShellProgram {
  readonly name: string
  /** Runs inside the shell and has no process of its own. */
  readonly builtin?: boolean
  /** Its memory while it runs, in bytes. */
  readonly memory?: number
  /** Runs the program. Returns its exit code, or `undefined` when it continues and will call `exit`. */
  readonly run: (call: ProgramContext) => number | undefined
}
