import type { ExitStatus } from '../../manager/machine.ts'
import type { Bind, ProgramName } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import { NO_OUTCOMES, type OutcomeCounts } from '../requests.ts'
import type { RequestEnd } from '../trace.ts'
import { INITIAL_MACHINE_STATE, type MachineState } from './machine-state.ts'

/** All that is drawn of a machine, folded from its trace. Times are virtual milliseconds. */
export interface Picture {
  /** The time of the last event. */
  readonly now: number
  /** The living server that was started last; without one, the server that ended last. */
  readonly server: ServerLife | undefined
  /** The other living servers, the oldest first. */
  readonly others: readonly ServerLife[]
  /** The rows: one for each worker slot, in the order of their first workers. */
  readonly slots: readonly WorkerSlot[]
  readonly sockets: readonly Socket[]
  /** Finished requests of clients, counted by outcome. */
  readonly counts: OutcomeCounts
  /** Requests in progress, by number; without a PID while they wait in the backlog. */
  readonly open: ReadonlyMap<number, OpenRequest>
  /** Resident memory of living processes, in bytes, by PID. */
  readonly memory: ReadonlyMap<number, number>
  /** The last event that has a sentence. */
  readonly happened: StoryEntry
  /** When Ctrl+C was last pressed. */
  readonly interruptedAt: number
  readonly nextPlace: number
  readonly around: MachineState
}

/** A server program: the process that was started, which watches workers or serves alone. */
export interface ServerLife {
  readonly pid: number
  readonly program: ProgramName | undefined
  readonly command: string
  readonly terminal: string | undefined
  /** The name of the container, the unit or the program that keeps it running. */
  readonly kept?: string
  readonly from: number
  readonly until?: number
  readonly status?: ExitStatus
  readonly listening: boolean
  /** It said that another process has its address. */
  readonly addressTaken?: true
  /** It was sent a signal that ends it. */
  readonly stopping: boolean
  /** It is stopped by SIGSTOP, and does not watch its workers. */
  readonly frozen?: true
  /** It has no workers and answers requests itself. */
  readonly alone: boolean
  /** Workers that a signal asked to add (or, negative, to remove) and that have not started (ended) yet. */
  readonly more: number
  readonly fewer: number
  /** Virtual time since which it has been replacing all workers (SIGHUP). */
  readonly reloadingSince?: number
}

/** A worker slot, drawn as a row: a replacement gets the row of the process that it replaces. */
export interface WorkerSlot {
  readonly id: number
  readonly lives: readonly ProcessLife[]
  /** The slot is removed when its present worker ends. */
  readonly closing: boolean
}

/** One process in a slot. */
export interface ProcessLife {
  readonly pid: number
  readonly server: number
  readonly from: number
  readonly until?: number
  readonly status?: ExitStatus
  readonly stretches: readonly ActivitySpan[]
  /** Its requests in progress, and its finished ones, the oldest first. Very old ones are dropped. */
  readonly open: readonly Bar[]
  readonly over: readonly FinishedRequests[]
  /**
   * How many responses it sent, how many of status 5xx (not in the first number), and how many requests were lost; dropped requests count
   * too.
   */
  readonly answered: number
  readonly errors: number
  readonly lost: number
  /** The OOM killer ended it. */
  readonly outOfMemory?: true
  /** The last signal sent to it, and whether its parent sent it. */
  readonly signalled?: { readonly signal: SignalName; readonly byParent: boolean }
  /** Ms between the death of the slot's earlier process and the start of this one. */
  readonly gap?: number
}

/** An activity of a process, from one time to another. */
export interface ActivitySpan {
  readonly kind: Activity
  readonly from: number
  readonly until?: number
}

export type Activity = 'booting' | 'serving' | 'draining' | 'stopped' | 'spinning'

/** A request in a worker. `lane` counts from 0: requests at the same time are drawn below each other. */
export interface Bar {
  readonly request: number
  readonly lane: number
  readonly from: number
  readonly until?: number
  readonly end?: RequestEnd
  readonly method: string
  readonly target: string
  readonly status?: number
  /** The beginning of the response's body. */
  readonly answer?: string
}

/** The requests that ended within one second of virtual time. When the second is over, this does not change any more. */
export interface FinishedRequests {
  readonly second: number
  readonly bars: readonly Bar[]
  /** How many lanes they use. */
  readonly lanes: number
}

export interface OpenRequest {
  readonly method: string
  readonly target: string
  readonly pid: number | undefined
  /** The proxy has forwarded it: the response is the upstream's. */
  readonly forwarded?: true
  /** A proxy sent it for the client's request of this number, which is the one that is counted. */
  readonly via?: number
  /** The response began with a status of 500 or more. */
  readonly failed?: true
}

/** A listening socket and the connections in its backlog. */
export interface Socket {
  readonly bind: Bind
  readonly waiting: number
  /** The process that opened it. */
  readonly pid: number
}

/** What happened, as keys of sentences with their parameters; the first one is the headline. */
export interface StoryEntry {
  readonly at: number
  readonly tone: 'quiet' | 'good' | 'bad'
  readonly clauses: readonly Clause[]
}

/** A sentence by its key. `params.count`, when there is one, chooses the plural form. */
export interface Clause {
  readonly key: SentenceKey
  readonly params: Readonly<Record<string, string | number>>
}

/** The keys of all sentences; content/lab has the texts. */
export const SENTENCES = [
  'idle',
  'idleHint',
  'starting',
  'booting',
  'bootingWhy',
  'serving',
  'servingWhy',
  'alone',
  'aloneWhy',
  'aloneKeptWhy',
  'oneServes',
  'servers',
  'samePortWhy',
  'somePortWhy',
  'ownPortsWhy',
  'serversLeft',
  'diedBySignal',
  'diedByCode',
  'left',
  'killedByParent',
  'lost',
  'unnoticedPolling',
  'unnoticedBooting',
  'unnoticed',
  'unnoticedFrozen',
  'noticedPolling',
  'noticed',
  'back',
  'orphanDied',
  'orphansLeft',
  'orphansNone',
  'askedToStop',
  'askedToStopWhy',
  'frozen',
  'frozenPolling',
  'frozenTimeout',
  'frozenAlone',
  'thawed',
  'spinning',
  'spinningPolling',
  'spinningTimeout',
  'spinningAlone',
  'more',
  'moreDone',
  'fewer',
  'fewerWhy',
  'fewerNone',
  'fewerDone',
  'reloading',
  'reloadingWhy',
  'handedOver',
  'ctrlC',
  'ctrlCWhy',
  'ctrlCFast',
  'stopping',
  'stoppingWhy',
  'stoppingFast',
  'stoppingAlone',
  'parentDied',
  'orphansLive',
  'keptDecides',
  'endedWith',
  'ended',
  'endedByCode',
  'endedBySignal',
  'neverServed',
  'portHeld',
  'total',
  'totalErrors',
  'totalUnaccepted',
  'serverError',
  'parentFrozen',
  'parentFrozenWhy',
  'parentThawed',
  'outOfMemory',
  'outOfMemoryWhy',
  'goingDown',
  'powerCut',
  'goingDownWhy',
  'booted',
  'bootedWhy',
  'hungUp',
  'hungUpWhy',
  'unitRestarts',
  'unitFailed',
  'unitGaveUp',
  'containerWaits',
  'containerWaitsWhy',
  'podWaitsWhy',
  'containerExited',
  'containerStopped',
  'keptWaits',
  'supervisorWaitsWhy',
  'loopWaitsWhy',
  'keptGaveUp',
  'supervisorGaveUpWhy',
  'keptExited',
  'keptStopped',
  'balancerStarted',
  'balancerWhy',
  'proxyStarted',
  'proxyWhy',
  'certificateGot',
  'certificateExpired',
  'certificateExpiredWhy',
  'noCertificate',
  'noCertificateWhy',
  'redirected',
  'redirectedWhy',
  'proxyRedirected',
  'rejected',
  'rejectedWhy',
  'badGateway',
  'badGatewayWhy',
] as const

export type SentenceKey = (typeof SENTENCES)[number]

/** A machine on which nothing has happened. */
export const EMPTY: Picture = {
  now: 0,
  server: undefined,
  others: [],
  slots: [],
  sockets: [],
  counts: NO_OUTCOMES,
  open: new Map(),
  memory: new Map(),
  happened: {
    at: 0,
    tone: 'quiet',
    clauses: [
      { key: 'idle', params: {} },
      { key: 'idleHint', params: {} },
    ],
  },
  interruptedAt: -1,
  nextPlace: 0,
  around: INITIAL_MACHINE_STATE,
}
