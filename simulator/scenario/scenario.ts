import type { ClientLoad } from '../machine/clients/clients.ts'
import type { Program, Speaker } from '../manager/settings.ts'

/** A lab's starting point: a machine, what lies on it, and what can be done. Pure data; its words are in content/lab. */
export interface Scenario {
  readonly id: string
  /** The same seed and the same actions give the same run. */
  readonly seed: number
  readonly machine: {
    readonly cores: number
    /** Bytes. */
    readonly memory: number
  }
  /** Which version each program's name stands for. */
  readonly speaks: Readonly<Record<Program, Speaker>>
  /** The files in the terminals' folder, by name. */
  readonly files: Readonly<Record<string, string>>
  /** The application, and its twin that is only read: what the commands may call it instead. */
  readonly app: { readonly file: string; readonly twin: string }
  /** What the Start button types into the server terminal. */
  readonly start: string
  /** Commands to put into a terminal with a tap. */
  readonly offered: Readonly<Record<TerminalName, readonly string[]>>
  /** Words that Tab knows, by command. */
  readonly completions: Readonly<Record<string, readonly string[]>>
  readonly clients: ClientLoad
}

/** A lab has two terminals. */
export type TerminalName = 'server' | 'client'

export const TERMINALS: readonly TerminalName[] = ['server', 'client']
