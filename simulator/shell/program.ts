import type { System } from '../machine/system.ts'
import type { ShellWords } from './words.ts'

/** A running program of the shell: what it was given, and what it may do. */
export interface Call {
  readonly system: System
  readonly words: ShellWords
  readonly terminal: string
  /** Its name and its arguments, as typed and with variables replaced. */
  readonly name: string
  readonly args: readonly string[]
  /** The command line as typed. */
  readonly source: string
  readonly env: Readonly<Record<string, string>>
  /** The process that it runs as; 0 for what the shell does itself. */
  readonly pid: number
  readonly columns: number
  readonly colors: boolean
  readonly history: readonly string[]
  readonly programs: readonly Program[]
  /** Sets an environment variable of the shell; nothing takes it away. */
  setEnv(name: string, value: string | undefined): void
  out(text: string): void
  err(text: string): void
  /** Says something in our own words, set apart from what the real program would print. */
  note(text: string): void
  /** The program has ended, later than its first turn. */
  exit(code: number): void
}

/** Something that can be typed. */
export interface Program {
  readonly name: string
  /** Runs inside the shell and gets no process of its own. */
  readonly builtin?: boolean
  /** Its exit code; nothing when it goes on and will call `exit`. */
  readonly run: (call: Call) => number | undefined
}
