import type { ClientLoad } from '../machine/clients/clients.ts'
import type { Speed } from '../machine/speed.ts'
import type { ProgramName, Speaker } from '../manager/settings.ts'
import type { Goal } from './goal/goal.ts'
import type { Step } from './step.ts'
import type { TerminalName } from './terminals.ts'

/** A lab: its machine, files, commands, and tasks. Pure data; its words are in content/lab and content/labs. */
export interface Scenario {
  readonly id: string
  /** The same seed and the same actions give the same run. */
  readonly seed: number
  readonly machine: {
    readonly cores: number
    /** Bytes. */
    readonly memory: number
    /** How many connections the database allows at a time (100). */
    readonly connections?: number
    /** The lowest port that users other than root may bind (1024). 0 where the chapter's commands bind port 80. */
    readonly lowestPort?: number
  }
  /** The version of each program. */
  readonly speaks: Readonly<Record<ProgramName, Speaker>>
  /** The files in the terminals' folder, by name. */
  readonly files: Readonly<Record<string, string>>
  /** The application's file, and its read-only twin in Python. */
  readonly app: { readonly file: string; readonly twin: string }
  /** What the Start button types into the server terminal. */
  readonly start: string
  /** Commands that a tap inserts into a terminal. */
  readonly offered: Readonly<Record<TerminalName, readonly string[]>>
  /** Completions for Tab, by command. */
  readonly completions: Readonly<Record<string, readonly string[]>>
  readonly clients: ClientLoad
  readonly zoom: PictureOptions
  /** The lab's own buttons, beside Start and Kill. */
  readonly controls: readonly Control[]
  /** Whether these buttons work without a server, too: they start one, or are about the machine. */
  readonly always?: boolean
  /** Steps that prepare every fresh machine. */
  readonly setup?: readonly Step[]
  /** Questions to answer before the machine shows what happens. */
  readonly predictions: readonly Prediction[]
  readonly checkpoints: readonly Checkpoint[]
}

/** Options of the picture. */
export interface PictureOptions {
  /** The time span of a wide picture, in ms; 10,000 by default. */
  readonly span?: number
  /** A field of the responses' JSON that is written on the bars, with the PID. */
  readonly bars?: string
  /** Whether the Start button turns the clients on; it does by default. */
  readonly clients?: boolean
}

/** A button that plays steps on the present machine. */
export interface Control {
  readonly id: string
  readonly steps: readonly Step[]
}

/** A question with choices. Which of them is right is decided by a run of the machine alone. */
export interface Prediction {
  readonly id: string
  /** The steps of the run, on a fresh machine, and how long it continues after the last one (virtual ms). */
  readonly steps: readonly Step[]
  readonly settle: number
  /** One run is made with each of these seeds; by default with the scenario's own. */
  readonly seeds?: readonly number[]
  /** The speed of the run: virtual ms per wall-clock ms; 1 by default. */
  readonly speed?: Speed
  readonly choices: readonly Choice[]
}

/** Right when its goal is reached in every run; `else`: when no other choice is right. */
export interface Choice {
  readonly id: string
  readonly when: Goal | 'else'
}

/** A goal for the reader. Any way to reach it counts. */
export interface Checkpoint {
  readonly id: string
  readonly goal: Goal
  /** One solution, which can be played on a fresh machine. */
  readonly solution: readonly Step[]
}

/** How many hints every checkpoint has, each more specific than the one before. */
export const HINTS = 3
