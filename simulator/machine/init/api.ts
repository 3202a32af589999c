import type { ExitStatus } from '../../manager/machine.ts'
import type { CommandKind } from './service.ts'

/** Where the files of units are, as on Debian. */
export const UNIT_FOLDER = '/etc/systemd/system'

/** `ActiveState` of a unit. */
export type ActiveState = 'inactive' | 'activating' | 'active' | 'reloading' | 'deactivating' | 'failed'

/** `SubState` of a service. */
export type SubState =
  | 'dead'
  | 'start-pre'
  | 'start'
  | 'start-post'
  | 'running'
  | 'exited'
  | 'reload'
  | 'stop'
  | 'stop-sigterm'
  | 'stop-sigkill'
  | 'stop-post'
  | 'final-sigkill'
  | 'auto-restart'
  | 'failed'

/** `Result` of a service: how its last run ended. */
export type UnitResult =
  | 'success'
  | 'exit-code'
  | 'signal'
  | 'timeout'
  /** It did not do what its type asks of it. */
  | 'protocol'
  | 'oom-kill'
  | 'start-limit-hit'
  | 'resources'

/** A command of a unit that has ended, as `systemctl status` lists it. */
export interface EndedCommand {
  readonly pid: number
  readonly kind: CommandKind
  readonly command: string
  readonly status: ExitStatus
}

/** What `systemctl status` shows of a unit. */
export interface UnitStatus {
  /** With its ending, e.g. `web.service`. */
  readonly name: string
  readonly description: string
  readonly path: string
  /** `bad-setting`: the file cannot be used; `problems` says why. */
  readonly loaded: 'loaded' | 'not-found' | 'bad-setting'
  /** Lines as systemd logs them about the file, e.g. `web.service: Service has no ExecStart=, …`. */
  readonly problems: readonly string[]
  /** The file is newer than what was loaded: `systemctl daemon-reload` is due. */
  readonly needsReload: boolean
  readonly enabled: 'enabled' | 'disabled' | 'static'
  readonly active: ActiveState
  readonly sub: SubState
  readonly result: UnitResult
  /** Virtual time at which it came into this state. */
  readonly since: number
  readonly mainPid: number | undefined
  /** How the main process ended the last time. */
  readonly last: { readonly pid: number | undefined; readonly status: ExitStatus } | undefined
  /** The process that prepares its start, reloads or stops it. */
  readonly controlPid: number | undefined
  /** What it has said of itself (`STATUS=`). */
  readonly text: string | undefined
  readonly ended: readonly EndedCommand[]
  /** How long it was active the last time, in ms. */
  readonly duration: number | undefined
  /** Automatic restarts since it was started by hand. */
  readonly restarts: number
  /** When it is to be started again (virtual ms), while it waits for that. */
  readonly restartAt: number | undefined
  /** PIDs of all its processes. */
  readonly pids: readonly number[]
  /** Its memory in bytes and processor time in ms, of all its processes. */
  readonly memory: number
  readonly cpu: number
}

/** A line of the journal. */
export interface JournalEntry {
  /** Virtual ms. */
  readonly at: number
  /** The unit that the line is about; `undefined` for the kernel and for login sessions. */
  readonly unit: string | undefined
  /** Who wrote it: `systemd`, `kernel`, or a program's name. */
  readonly identifier: string
  readonly pid: number
  readonly text: string
  /** 3 error, 4 warning, 6 information (syslog). */
  readonly priority: 3 | 4 | 5 | 6
}

/** The result of a job of the init system, which `systemctl` waits for and prints. */
export type UnitJobResult =
  | 'done'
  /** The control process or the main process failed while it started. */
  | 'failed'
  | 'not-found'
  | 'bad-setting'
  /** A reload of what does not run, and of what has no `ExecReload=`. */
  | 'not-active'
  | 'not-applicable'
  /** It was started too often: `Start request repeated too quickly.` */
  | 'start-limit-hit'
  | 'canceled'

/** The init system of the machine: systemd 252, as on Debian 12. A unit's name may come without `.service`. */
export interface InitSystem {
  /** Loads the code that reads and runs units. Whoever asks for a unit, or starts one, awaits it first; it takes no virtual time. */
  load(): Promise<void>
  /** Every unit that has a file or is running; none while the code of units is not loaded. */
  units(): readonly UnitStatus[]
  /** The names of every unit that has a file or is running. */
  names(): readonly string[]
  status(name: string): UnitStatus | undefined
  /** Starts a unit; `done` is called when the start job is over (for `Type=simple`, as soon as the process exists). */
  start(name: string, done?: (result: UnitJobResult) => void): void
  stop(name: string, done?: (result: UnitJobResult) => void): void
  restart(name: string, done?: (result: UnitJobResult) => void): void
  /** Runs `ExecReload=`. */
  reload(name: string, done?: (result: UnitJobResult) => void): void
  /** Makes the unit start at boot, as its `WantedBy=` says. `static`: its file has no `[Install]` section. */
  enable(name: string): 'done' | 'not-found' | 'static'
  disable(name: string): 'done' | 'not-found' | 'static'
  /** A process tells the init system about its unit (sd_notify(3)): lines of `READY=1`, `STATUS=…`. */
  notify(pid: number, message: string): void
  /** Clears the failed state and the start counter, of one unit or of all. */
  resetFailed(name?: string): void
  /** Reads the unit files again. */
  daemonReload(): void
  journal(filter?: { readonly unit?: string; readonly since?: number }): readonly JournalEntry[]
}
