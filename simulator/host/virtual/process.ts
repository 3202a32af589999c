import type { RunningManager } from '../../manager/index.ts'
import type { Stream } from '../../manager/log.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Reload, Settings } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { Beginning } from '../../machine/system.ts'
import type { ProcessKind } from '../../machine/trace.ts'
import type { Printer } from '../../terminal/api.ts'
import type { Worker } from '../../worker/worker.ts'
import type { Connection } from './connection.ts'
import type { Work } from './cores.ts'
import type { Guest } from './guest.ts'
import type { Stretch } from './main-threads.ts'
import type { Due } from './queue.ts'

/** Work for the main thread of a process. */
export type Job = () => void | Promise<void>

/** A row of the kernel's process table. */
export interface Process {
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
  /** What its shell hears of it, and its own handlers of signals. */
  readonly beginning: Beginning
  /** Streams that do not go to the terminal. */
  readonly streams: Readonly<Partial<Record<Stream, (text: string) => void>>>
  readonly user: string
  /** The unit of the init system, and the container, that it belongs to. */
  readonly unit: string | undefined
  /** Its working directory, where that is not the folder that the files are in. */
  readonly cwd: string | undefined
  readonly container: string | undefined
  alive: boolean
  /** It ended because there was no memory left. */
  oomKilled: boolean
  /** Stopped by a signal: nothing runs until SIGCONT. */
  frozen: boolean
  /** Signals that it has handlers for and has not noticed yet. */
  readonly pending: Set<SignalName>
  /** Signals whose handlers are still those of the process that it was forked from. */
  inherited: { readonly signals: readonly SignalName[]; readonly until: number } | undefined
  /** It gets no turn before then: a deadly signal ends it only when it does. */
  nextTurn: number
  doom: SignalName | undefined
  /** What its threads compute: each gets its part of the cores. */
  readonly works: Set<Work>
  /** What the main thread computes now, and after that; meanwhile it listens to nothing. */
  burst: Work | undefined
  readonly stretches: Stretch[]
  /** When that was said to end. */
  foreseen: number
  spinning: boolean
  spin: Work | undefined
  /** It waits for so many reads of the disk. */
  waitsForDisk: number
  /** Something of the main thread is being awaited. */
  inTurn: boolean
  /** What waits for the main thread, in order. */
  readonly inbox: Job[]
  /** Results of a turn that became due while the process was frozen. */
  readonly held: Job[]
  /** Processor time of what is over, in ms. */
  cpu: number
  /** Bytes that its program and its application have taken, shared or not. */
  memory: number
  manager: RunningManager | undefined
  worker: Worker | undefined
  guest: Guest | undefined
  /** The application's module, when this is a master that imported it before it forked. */
  preloaded: { readonly file: string; readonly source: string } | undefined
  /** The files that it wants to hear of, once it does. */
  watches: Reload | undefined
  /** When its thread for pings runs; nothing before it is known. */
  pongFrom: number | undefined
  /** Pings that came before. */
  readonly pings: (() => void)[]
  timer: Due | undefined
  wake: Due | undefined
  rouse: Due | undefined
  accepting: boolean
  draining: boolean
  lastAccept: number
  readonly connections: Map<number, Connection>
}

/** What is given at birth; the rest is as in every new process. */
export type Birth = Pick<
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
  Partial<Pick<Process, Inherited | 'beginning'>> & {
    /** It is a fork of this one, whose pages it shares. */
    readonly copyOf?: Process
  }

/** What a child has from its parent. */
export type Inherited = 'streams' | 'user' | 'unit' | 'cwd' | 'container'

/** What a child of `parent` has from it. */
export function inheritance(parent: Process): Pick<Process, Inherited> {
  const { streams, user, unit, cwd, container } = parent
  return { streams, user, unit, cwd, container }
}

/** A process as `fork` leaves it. */
export function newProcess({ copyOf: _, ...birth }: Birth): Process {
  return {
    beginning: {},
    streams: {},
    user: 'user',
    unit: undefined,
    cwd: undefined,
    container: undefined,
    ...birth,
    alive: true,
    oomKilled: false,
    frozen: false,
    pending: new Set(),
    inherited: undefined,
    nextTurn: 0,
    doom: undefined,
    works: new Set(),
    burst: undefined,
    stretches: [],
    foreseen: Infinity,
    spinning: false,
    spin: undefined,
    waitsForDisk: 0,
    inTurn: false,
    inbox: [],
    held: [],
    cpu: 0,
    manager: undefined,
    worker: undefined,
    guest: undefined,
    preloaded: undefined,
    watches: undefined,
    pongFrom: undefined,
    pings: [],
    timer: undefined,
    wake: undefined,
    rouse: undefined,
    accepting: false,
    draining: false,
    lastAccept: 0,
    connections: new Map(),
  }
}
