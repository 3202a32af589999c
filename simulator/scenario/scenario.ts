import type { ClientLoad } from '../machine/clients/clients.ts'
import type { Program, Speaker } from '../manager/settings.ts'
import type { Goal } from './goal/goal.ts'
import type { Step } from './step.ts'

/** A lab: a machine, what lies on it, what can be done, what is asked. Pure data; its words are in content/lab and content/labs. */
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
  readonly zoom: Zoom
  /** What this lab's question needs beside Start and Kill: a button each. */
  readonly controls: readonly Control[]
  /** Whether these buttons work without a server as well: they set one up, or are about the machine. */
  readonly always?: boolean
  /** What is done to every fresh machine before the reader sees it. */
  readonly setup?: readonly Step[]
  /** Questions that are asked before the machine shows the answer. */
  readonly predictions: readonly Prediction[]
  readonly checkpoints: readonly Checkpoint[]
}

/** What the picture is to show of the machine. */
export interface Zoom {
  /** How much time a wide picture shows, in ms (10,000). */
  readonly span?: number
  /** A field of the answers' JSON that the bars carry, with the PID. */
  readonly bars?: string
  /** Whether the Start button turns the clients on as well (it does). */
  readonly clients?: boolean
}

/** A button: what it does to the machine as it is. */
export interface Control {
  readonly id: string
  readonly steps: readonly Step[]
}

/** A question with choices. The machine's run settles which of them is true; nothing else says so. */
export interface Prediction {
  readonly id: string
  /** The run, on a machine that has just been set up, and how long it goes on after the last step (virtual ms). */
  readonly steps: readonly Step[]
  readonly settle: number
  /** The run is made with each of these seeds; the scenario's own when there are none. */
  readonly seeds?: readonly number[]
  /** What the machine is to be looked at with: so many virtual ms for each of the wall's (1). */
  readonly speed?: number
  readonly choices: readonly Choice[]
}

/** True when its goal is reached in every run; `else`: when no other choice is. */
export interface Choice {
  readonly id: string
  readonly when: Goal | 'else'
}

/** Something to bring about. Any way that reaches the goal passes. */
export interface Checkpoint {
  readonly id: string
  readonly goal: Goal
  /** One way there, which can be watched: on a machine that has just been set up. */
  readonly solution: readonly Step[]
}

/** Every checkpoint has so many hints, each saying more than the one before. */
export const HINTS = 3

/** A lab has two terminals. */
export type TerminalName = 'server' | 'client'

export const TERMINALS: readonly TerminalName[] = ['server', 'client']
