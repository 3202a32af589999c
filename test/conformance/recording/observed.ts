import type { Ending, MasterState, Result } from './scenario.ts'

/** One line that a process printed: its text without the line's end, with real escapes and real PIDs. */
export interface ObservedLine {
  /** Who printed it; 0 is the terminal itself, whose echo `^C` is no process's line. */
  readonly pid: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** Who lived at an `alive` step. */
export interface ObservedAlive {
  readonly master: MasterState
  /** PIDs in any order. */
  readonly workers: readonly number[]
}

/** How a request ended. */
export interface ObservedClient {
  readonly path: string
  readonly result: Result
  /** Seconds from sending to the end. */
  readonly seconds: number
}

/** What the processes of a run showed by themselves. */
export type ObservedProcesses = {
  /** The master's PID. */
  readonly parent: number
  /** The PIDs of the workers in the order in which they were started; no other helper processes. */
  readonly spawned: readonly number[]
  readonly master: Ending
} & (
  | {
      /** It is known which process printed which line. */
      readonly attributed: true
      /** In the order in which they were printed. */
      readonly lines: readonly ObservedLine[]
    }
  | {
      /** There are only the bytes of the terminal, or of the two pipes. */
      readonly attributed: false
      readonly text: string | { readonly stderr: string; readonly stdout: string }
    }
)

/** What a run of ours showed. */
export type Observed = ObservedProcesses & {
  /** One for each `alive` step, in order. */
  readonly alive: readonly ObservedAlive[]
  /** In the order in which the requests were sent. */
  readonly clients: readonly ObservedClient[]
  /** What was found at the other steps that look at something, worded as in the header, in order. */
  readonly checks?: readonly string[]
}
