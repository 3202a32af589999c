import type { GuestInput, GuestSpec, GuestTurn } from '../virtual/guest.ts'
import type { ApplicationMessages } from './words.ts'

/** The page's interface to the worker of a process, for applications in any language. */
export interface RemoteGuest {
  /** Tells the worker which process it is. Resolves to a refusal when the file cannot be run in the page. */
  begin(spec: GuestSpec, memory: number, words: ApplicationMessages): Promise<FileRefusal | undefined>
  turn(input: GuestInput): Promise<GuestTurn>
  release(): void
}

/** Why a file cannot be run in the page. */
export interface FileRefusal {
  readonly line: number
  readonly message: string
}
