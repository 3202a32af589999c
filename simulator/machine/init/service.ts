import type { UnitCommand } from './commands.ts'

/** After which ends systemd restarts a service (systemd.service(5), `Restart=`). */
export type RestartPolicy =
  'no' | 'on-success' | 'on-failure' | 'on-abnormal' | 'on-watchdog' | 'on-abort' | 'always'

/** A path of a unit file; a `-` in front of it makes it optional. */
export interface MaybeMissing {
  readonly path: string
  readonly optional: boolean
}

/** The commands of a service, by what they are for. */
export type CommandKind =
  'ExecStartPre' | 'ExecStart' | 'ExecStartPost' | 'ExecReload' | 'ExecStop' | 'ExecStopPost'

/** A service as its unit file describes it; times in ms. Settings that the file leaves out have the defaults of systemd 252. */
export interface Service {
  readonly name: string
  readonly description: string
  readonly type: 'simple' | 'exec' | 'idle' | 'notify' | 'dbus' | 'oneshot' | 'forking'
  readonly commands: Readonly<Partial<Record<CommandKind, readonly UnitCommand[]>>>
  readonly restart: RestartPolicy
  readonly restartDelay: number
  readonly successStatus: readonly (number | string)[]
  readonly preventStatus: readonly (number | string)[]
  readonly startLimitInterval: number
  readonly startLimitBurst: number
  /** How long a start may take; not set: 90 s, and for `oneshot` as long as it likes. */
  readonly startTimeout: number | undefined
  readonly stopTimeout: number
  /** Which processes a stop signals: all (`control-group`), or the main one with SIGTERM and the rest with SIGKILL (`mixed`). */
  readonly killMode: 'control-group' | 'mixed' | 'process' | 'none'
  readonly killSignal: string
  readonly remainAfterExit: boolean
  /** Where a forking service writes the PID of its main process. */
  readonly pidFile: string | undefined
  /** Whose messages count (`READY=1`); not set: those of the main process for `Type=notify`, nobody's otherwise. */
  readonly notifyAccess: 'none' | 'main' | 'exec' | 'all' | undefined
  readonly busName: string | undefined
  /** What systemd does with the other processes when the OOM killer takes one. */
  readonly oomPolicy: 'continue' | 'stop' | 'kill'
  readonly environment: Readonly<Record<string, string>>
  /** Files of environment variables, read at each start; they override `environment`. */
  readonly environmentFiles: readonly MaybeMissing[]
  readonly workingDirectory: MaybeMissing | undefined
  /** Files that its streams are written to (`append:`, `file:`, `truncate:`); otherwise they go to the journal. */
  readonly output: Readonly<Partial<Record<'stdout' | 'stderr', OutputFile>>>
  readonly user: string | undefined
  /** Its user is made for the time that it runs. */
  readonly dynamicUser: boolean
  readonly group: string | undefined
  readonly capabilities: readonly string[]
  readonly wantedBy: readonly string[]
  readonly after: readonly string[]
  readonly requires: readonly string[]
  readonly wants: readonly string[]
}

/** A file that a stream is written to; `/dev/null` swallows it. */
export interface OutputFile {
  readonly path: string
  readonly truncates: boolean
}

/** A service while its file is read. */
export type DraftService = { -readonly [Key in keyof Service]: Service[Key] }

/** What a file says that says nothing. */
export const USUAL: Omit<Service, 'name' | 'description'> = {
  type: 'simple',
  commands: {},
  restart: 'no',
  restartDelay: 100,
  successStatus: [],
  preventStatus: [],
  startLimitInterval: 10_000,
  startLimitBurst: 5,
  startTimeout: undefined,
  stopTimeout: 90_000,
  killMode: 'control-group',
  killSignal: 'TERM',
  remainAfterExit: false,
  pidFile: undefined,
  notifyAccess: undefined,
  busName: undefined,
  oomPolicy: 'stop',
  environment: {},
  environmentFiles: [],
  workingDirectory: undefined,
  output: {},
  user: undefined,
  dynamicUser: false,
  group: undefined,
  capabilities: [],
  wantedBy: [],
  after: [],
  requires: [],
  wants: [],
}
