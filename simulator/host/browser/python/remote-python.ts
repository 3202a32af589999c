import type { GuestInput, GuestTurn } from '../../virtual/guest.ts'
import type { Library, PythonSpec } from '../../../python/index.ts'

/** All that a Web Worker needs to start an interpreter, except the compiled WebAssembly, which comes with its first message. */
export interface InterpreterSpec {
  readonly glue: string
  readonly stdlib: ArrayBuffer
  readonly library: Library
  readonly packages: ArrayBuffer | undefined
}

/** The functions of an interpreter's worker that the page calls through comlink. */
export interface RemotePython {
  /** Starts the interpreter, possibly before it is known which process it will be. */
  boot(interpreter: InterpreterSpec): Promise<void>
  begin(spec: PythonSpec): Promise<void>
  turn(input: GuestInput): Promise<GuestTurn>
}
