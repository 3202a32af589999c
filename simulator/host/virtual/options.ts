import type { CommandWords } from '../../command/api.ts'
import type { Hardware } from '../../machine/hardware.ts'
import type { MachineShell } from '../../machine/machine-shell.ts'
import type { Runtime } from '../../machine/runtime.ts'
import type { ProgramName } from '../../manager/settings.ts'
import type { GuestFactory } from './guest.ts'
import type { Profile } from './profile.ts'

/** Options of a simulated machine. Defaults are in parentheses. */
export interface KernelOptions {
  /** The same seed and the same inputs give the same trace. */
  readonly seed: number
  readonly factory: GuestFactory
  readonly files?: Readonly<Record<string, string>>
  /** The folder that the files are in. */
  readonly cwd?: string
  readonly profile?: Profile
  /** Calendar time at virtual time 0, in ms since 1970. */
  readonly epoch?: number
  /** The PID of the first process; later PIDs count up from it. */
  readonly firstPid?: number
  /** Cores, memory and swap (4 cores, 4 GiB, none); they can be changed later. */
  readonly hardware?: Partial<Hardware>
  /** How many connections the database allows at a time (100). */
  readonly connections?: number
  /** The lowest port that users other than root may bind (1024; `net.ipv4.ip_unprivileged_port_start`). */
  readonly lowestPort?: number
  /** The installed version of each program (the first one in `VERSIONS`). */
  readonly versions?: Partial<Readonly<Record<ProgramName, string>>>
  /** At least this many events of the trace are kept (100,000), so that a machine that runs for long does not fill the memory. */
  readonly keep?: number
  /** Our own messages for usage errors of programs that the machine starts by itself. */
  readonly words?: CommandWords
  /** Runs scripts and small programs of units, containers and `sh -c`; without it the machine knows only servers and migrations. */
  readonly interpreter?: MachineShell
  /** Is given what an event throws: a fault of the simulator, which then goes on. Without it whoever moves the time gets that. */
  readonly onFault?: (error: unknown) => void
  /** The language of the code that `guests` makes; it decides the ending of the application's file (`javascript`). */
  readonly runtime?: Runtime
}

/** The defaults. */
export const USUAL = {
  epoch: Date.UTC(2024, 4, 1, 12, 0, 0),
  cwd: '/home/user/code/awesomeapp',
  firstPid: 27365,
  keep: 100_000,
  lowestPort: 1024,
  runtime: 'javascript',
} as const
