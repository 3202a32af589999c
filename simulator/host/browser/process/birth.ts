import type { GuestInput, GuestTurn } from '../../virtual/guest.ts'
import type { AppTarget } from '../../../manager/settings.ts'
import type { Words } from '../words.ts'

/** What a Web Worker needs to become a process of the simulated machine. Crosses to the worker as a copy. */
export interface Birth {
  readonly pid: number
  readonly ppid: number
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
  readonly cwd: string
  readonly target: AppTarget
  /** The application's file, e.g. `main.js`. */
  readonly file: string
  /** Its text as it was written, for tracebacks. */
  readonly source: string
  /** Its text as it is run: pieces, between which the address of the helper module belongs (see `rewriteImports`). */
  readonly pieces: readonly string[]
  /** A number in [0, 1): the seed of everything random in the code. */
  readonly chance: number
  /** Resident memory before the application took any, in bytes. */
  readonly memory: number
  /** The sentences that are ours, in the reader's language. */
  readonly words: Words
}

/** The process as the page speaks to it, through comlink. */
export interface RemoteProcess {
  /**
   * Sets the world up. `leave` is told the last turn when the process ends itself (exit, crash):
   * at once, even when the code goes on spinning after that.
   */
  begin(birth: Birth, leave: (last: GuestTurn) => void): void
  turn(input: GuestInput): Promise<GuestTurn>
}
