import type { Stream } from '../../manager/log.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Settings } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { CommandOptions } from '../../machine/system.ts'
import type { ProcessKind } from '../../machine/trace.ts'
import type { Printer } from '../../terminal/api.ts'
import type { CoreUser } from './cores.ts'

/** The signal handlers of a server program: of its manager, or of its worker. */
export interface ServerSignalHandlers {
  /** Whether the program has a handler for this signal now. */
  handles(signal: SignalName): boolean
  signalled(signal: SignalName): void
  /** Whether it handles the highest of several pending signals first. */
  highestFirst(): boolean
  /** Its parent has ended. */
  orphaned(): void
}

/** Called when a child has ended; `reap` removes it from the table. */
export type ChildEnded = (pid: number, status: ExitStatus, reap: () => void) => void

/** A row of the process table: who a process is and whether it runs. Other state of a process is kept by the part of the kernel that uses it. */
export interface Process extends CoreUser {
  readonly pid: number
  ppid: number
  readonly kind: ProcessKind
  readonly command: string
  readonly terminal: string | undefined
  /** The foreground job that it belongs to: the PID of the job's first process. */
  readonly group: number
  readonly env: Readonly<Record<string, string>>
  readonly startedAt: number
  readonly settings: Settings | undefined
  readonly print: Printer | undefined
  readonly onEnd: ((status: ExitStatus) => void) | undefined
  /** The options that its shell started it with, with its signal handler. */
  readonly startOptions: CommandOptions
  /** Streams that are redirected. */
  readonly streams: Readonly<Partial<Record<Stream, (text: string) => void>>>
  readonly user: string
  /** The unit of the init system, and the container, that it belongs to. */
  readonly unit: string | undefined
  /** Its working directory, where that is not the folder that the files are in. */
  readonly cwd: string | undefined
  readonly container: string | undefined
  /** The container whose network it has, where that is not the machine's. */
  readonly network: string | undefined
  /** Capabilities beyond those of its user (capabilities(7)), e.g. `CAP_NET_BIND_SERVICE`. */
  readonly capabilities: readonly string[] | undefined
  /** The name of the unit, the container or the kept program that restarts it when it ends, if there is one. */
  readonly kept: string | undefined
  alive: boolean
  /** It ended because the OOM killer took it. */
  oomKilled: boolean
  /** Bytes that its program and its application use, shared or not. */
  memory: number
  /** The handlers of a server; those of other programs are in `startOptions`. */
  handlers: ServerSignalHandlers | undefined
  /** Set for a manager, which waits for its children; the children of others are reaped at once. */
  childEnded: ChildEnded | undefined
}

/** The fields that a new process is given; the others start the same in every process. */
export type ProcessInit = Pick<
  Process,
  | 'pid'
  | 'ppid'
  | 'kind'
  | 'command'
  | 'terminal'
  | 'group'
  | 'env'
  | 'startedAt'
  | 'settings'
  | 'print'
  | 'onEnd'
  | 'memory'
> &
  Partial<Pick<Process, InheritedField | 'startOptions'>> & {
    /** The process that it is forked from, whose pages it shares. */
    readonly copyOf?: Process
  }

/** The fields that a child inherits. */
export type InheritedField = 'streams' | keyof ProcessOwner

/** The fields that say who owns a process. */
export type ProcessOwner = Pick<
  Process,
  'user' | 'unit' | 'cwd' | 'container' | 'network' | 'capabilities' | 'kept'
>

/** The inherited fields of a child of `parent`. */
export function inheritance(parent: Process): Pick<Process, InheritedField> {
  const { streams, user, unit, cwd, container, network, capabilities, kept } = parent
  return { streams, user, unit, cwd, container, network, capabilities, kept }
}

/** Makes a row of the process table. */
export function newProcess({ copyOf: _, ...birth }: ProcessInit): Process {
  return {
    startOptions: {},
    streams: {},
    user: 'user',
    unit: undefined,
    cwd: undefined,
    container: undefined,
    network: undefined,
    capabilities: undefined,
    kept: undefined,
    ...birth,
    alive: true,
    oomKilled: false,
    frozen: false,
    waitsForDisk: 0,
    works: new Set(),
    cpu: 0,
    handlers: undefined,
    childEnded: undefined,
  }
}

/** The name of a program as the kernel knows it (`comm`): at most 15 characters. */
export function nameOf({ command }: Pick<Process, 'command'>): string {
  const [word = ''] = command.split(' ')
  return (word.split('/').at(-1) ?? '').slice(0, 15)
}

/** The lowest port that a process may bind; `usual` is that of ordinary users. Docker allows every port in a container. */
export function lowestPortOf({ user, container, capabilities }: Process, usual: number): number {
  const may = user === 'root' || container !== undefined || capabilities?.includes('CAP_NET_BIND_SERVICE')
  return may === true ? 0 : usual
}
