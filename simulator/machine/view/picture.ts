import type { ExitStatus } from '../../manager/machine.ts'
import type { Bind, ProgramName } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import { NO_OUTCOMES, type OutcomeCounts } from '../requests.ts'
import type { RequestEnd } from '../trace.ts'
import { INITIAL_MACHINE_STATE, type MachineState } from './machine-state.ts'

/** What there is to draw of a machine, folded from its trace. Times are virtual milliseconds. */
export interface Picture {
  /** The time of the last event. */
  readonly now: number
  /** The living server that was started last, or else the one that ended last. */
  readonly server: ServerLife | undefined
  /** The other servers that live, the oldest first. */
  readonly others: readonly ServerLife[]
  /** The rows: one for each worker's slot, in the order of their first workers. */
  readonly slots: readonly WorkerSlot[]
  readonly sockets: readonly Socket[]
  /** Clients' requests that are over, by what became of them. */
  readonly counts: OutcomeCounts
  /** Requests under way: who answers them; nobody yet while they wait to be accepted. */
  readonly open: ReadonlyMap<number, OpenRequest>
  /** Resident memory of what lives, in bytes, by PID. */
  readonly memory: ReadonlyMap<number, number>
  /** What happened last that is worth a sentence. */
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
  /** It took a signal that ends it. */
  readonly stopping: boolean
  /** SIGSTOP holds it: it watches nobody. */
  readonly frozen?: true
  /** It answers requests itself. */
  readonly alone: boolean
  /** Workers that it was told to add, or to take away, and has not yet. */
  readonly more: number
  readonly fewer: number
  /** Since when it has been replacing all workers (SIGHUP). */
  readonly reloadingSince?: number
}

/** A worker's slot: a new process takes the row of the one that it replaces. */
export interface WorkerSlot {
  readonly id: number
  readonly lives: readonly ProcessLife[]
  /** The slot goes with the worker that holds it now. */
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
  /** The requests that it has in hand, and those that are over, the oldest first. Very old ones are dropped. */
  readonly open: readonly Bar[]
  readonly over: readonly FinishedRequests[]
  /** How many requests it has answered, how many it answered with 5xx (not in the first number), and how many were lost; the dropped ones count too. */
  readonly answered: number
  readonly errors: number
  readonly lost: number
  /** The OOM killer ended it. */
  readonly outOfMemory?: true
  /** The last signal sent to it, and whether its parent sent it. */
  readonly signalled?: { readonly signal: SignalName; readonly byParent: boolean }
  /** How long after the death before it this process was started in the same slot. */
  readonly gap?: number
}

/** What a process does from one moment to another. */
export interface ActivitySpan {
  readonly kind: Activity
  readonly from: number
  readonly until?: number
}

export type Activity = 'booting' | 'serving' | 'draining' | 'stopped' | 'spinning'

/** A request in the hands of a worker. `lane` counts from 0: requests at the same time lie below each other. */
export interface Bar {
  readonly request: number
  readonly lane: number
  readonly from: number
  readonly until?: number
  readonly end?: RequestEnd
  readonly method: string
  readonly target: string
  readonly status?: number
  /** The beginning of the answer's body. */
  readonly answer?: string
}

/** The requests that were over within one second of virtual time. When it has gone by, nothing of them changes any more. */
export interface FinishedRequests {
  readonly second: number
  readonly bars: readonly Bar[]
  /** How many lanes they lie in. */
  readonly lanes: number
}

export interface OpenRequest {
  readonly method: string
  readonly target: string
  readonly pid: number | undefined
  /** The proxy has sent it on: what comes back is not its own response. */
  readonly forwarded?: true
  /** A proxy sends it on for a client's request of this number, which is the one that counts. */
  readonly via?: number
  /** The response began with a status of 500 or more. */
  readonly failed?: true
}

/** A listening socket and the connections that nobody has accepted yet. */
export interface Socket {
  readonly bind: Bind
  readonly waiting: number
  /** Who opened it. */
  readonly pid: number
}

/** What happened, as keys of sentences with what is to be filled in; the first is the headline. */
export interface StoryEntry {
  readonly at: number
  readonly tone: 'quiet' | 'good' | 'bad'
  readonly clauses: readonly Clause[]
}

/** A sentence's key. Its number is chosen by `params.count`, when it has one. */
export interface Clause {
  readonly key: SentenceKey
  readonly params: Readonly<Record<string, string | number>>
}

/** Every sentence that can be said; content/lab has the words. */
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
