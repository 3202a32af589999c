import type { Ending, MasterState, Result } from './scenario.ts'

/** One line that a process printed: its text without the line's end, with real escapes and real PIDs. */
export interface ObservedLine {
  /** The PID of its process; 0 is the terminal itself, whose echo `^C` is not a line of a process. */
  readonly pid: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** The living processes at an `alive` step. */
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

/** What the processes of a run showed. */
export type ObservedProcesses = {
  /** The master's PID. */
  readonly parent: number
  /** The PIDs of the workers in the order in which they were started; without helper processes. */
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
      /** Only the bytes of the terminal, or of the two pipes, are known. */
      readonly attributed: false
      readonly text: string | { readonly stderr: string; readonly stdout: string }
    }
)

/** The result of a run of ours. */
export type Observed = ObservedProcesses & {
  /** One for each `alive` step, in order. */
  readonly alive: readonly ObservedAlive[]
  /** In the order in which the requests were sent. */
  readonly clients: readonly ObservedClient[]
  /** The results of other checking steps, in the header's words, in order. */
  readonly checks?: readonly string[]
}
