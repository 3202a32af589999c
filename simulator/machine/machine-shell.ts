import type { Found } from './found.ts'
import type { Stream } from '../manager/log.ts'
import type { SignalName } from '../manager/signals.ts'
import type { System } from './system.ts'

/** A process that runs something other than a server, and what can be done in its name. */
export interface OwnProcess {
  readonly pid: number
  readonly group: number
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The absolute path of its working folder. */
  readonly cwd: string
  readonly terminal: string | undefined
  /** Writes to one of its streams; `pid` is the child that writes, if it is not the process itself. */
  write(stream: Stream, text: string, pid?: number): void
}

/** The handlers of the program in such a process. */
export interface ProcessHooks {
  /** True when it has a handler for this signal, which has then run. */
  readonly onSignal?: (signal: SignalName) => boolean
  readonly onStop?: () => void
  readonly onContinue?: () => void
  readonly onEnd?: () => void
}

/**
 * Runs the scripts and the small programs of units, containers and `sh -c`. The kernel is given the shell's own interpreter, so that a line
 * means the same everywhere.
 */
export interface MachineShell {
  /** Looks for the program. */
  find(system: Pick<System, 'readFile'>, argv: readonly string[]): Found
  /** Runs the program; when it is done, it ends its process by `system.end`. */
  run(system: System, process: OwnProcess): ProcessHooks
}
