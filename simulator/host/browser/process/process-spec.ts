import type { GuestInput, GuestSpec, GuestTurn } from '../../virtual/guest.ts'
import type { ApplicationMessages } from '../words.ts'

/** All that a Web Worker needs to become a process of the simulated machine. It is sent to the worker as plain data. */
export interface ProcessSpec extends GuestSpec {
  /** The module's text as it is run, in pieces: the worker joins them with the address of the helper module (see `rewriteImports`). */
  readonly pieces: readonly string[]
  /** Resident memory before the application allocates any, in bytes. */
  readonly memory: number
  /** The simulator's own messages in the reader's language. */
  readonly words: ApplicationMessages
}

/** The functions of a worker that the page calls through comlink. The worker cannot call the page. */
export interface RemoteProcess {
  /** Replaces the globals, before the application is imported. */
  begin(spec: ProcessSpec): void
  turn(input: GuestInput): Promise<GuestTurn>
}

/**
 * The only message that the worker sends without being asked: its last turn, when the process ends itself (exit, crash).
 * It is sent at once, since the code may go on spinning after that.
 */
export interface LastTurn {
  readonly last: GuestTurn
}
