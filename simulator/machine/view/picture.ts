import type { ExitStatus } from '../../manager/machine.ts'
import type { Bind, Program } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { RequestEnd } from '../trace.ts'
import { NOTHING_AROUND, type Around } from './around.ts'

/** What there is to draw of a machine, folded from its trace. Times are virtual milliseconds. */
export interface Picture {
  /** The time of the last event. */
  readonly now: number
  /** The server that was started last; it stays when it has ended. */
  readonly server: Server | undefined
  /** The rows: one for each worker's place, in the order of their first workers. */
  readonly places: readonly Place[]
  readonly sockets: readonly Socket[]
  readonly counts: Counts
  /** Requests under way: who answers them; nobody yet while they wait to be accepted. */
  readonly open: ReadonlyMap<number, OpenRequest>
  /** Resident memory of what lives, in bytes, by PID. */
  readonly memory: ReadonlyMap<number, number>
  /** What happened last that is worth a sentence. */
  readonly happened: Happening
  /** When Ctrl+C was last pressed. */
  readonly interruptedAt: number
  readonly nextPlace: number
  readonly around: Around
}

/** A server program: the process that was started, which watches workers or serves alone. */
export interface Server {
  readonly pid: number
  readonly program: Program | undefined
  readonly command: string
  readonly terminal: string | undefined
  readonly from: number
  readonly until?: number
  readonly status?: ExitStatus
  readonly listening: boolean
  /** It took a signal that ends it. */
  readonly stopping: boolean
  /** It answers requests itself. */
  readonly alone: boolean
  /** Workers that it was told to add, or to take away, and has not yet. */
  readonly more: number
  readonly fewer: number
  /** Since when it has been replacing all workers (SIGHUP). */
  readonly reloadingSince?: number
}

/** A worker's place: a new process takes the row of the one that it replaces. */
export interface Place {
  readonly id: number
  readonly lives: readonly Life[]
  /** The place goes with the worker that holds it now. */
  readonly closing: boolean
}

/** One process in a place. */
export interface Life {
  readonly pid: number
  readonly server: number
  readonly from: number
  readonly until?: number
  readonly status?: ExitStatus
  readonly stretches: readonly Stretch[]
  /** The requests that it has in hand, and those that are over, the oldest first. Very old ones are dropped. */
  readonly open: readonly Bar[]
  readonly over: readonly Over[]
  /** Requests that it answered, and such that were lost with it: all of them. */
  readonly answered: number
  readonly lost: number
  /** The kernel took it to have its memory. */
  readonly outOfMemory?: true
  /** The last signal sent to it, and whether its parent sent it. */
  readonly signalled?: { readonly signal: SignalName; readonly byParent: boolean }
  /** How long after the death before it this process was started in the same place. */
  readonly gap?: number
}

/** What a process does from one moment to another. */
export interface Stretch {
  readonly kind: StretchKind
  readonly from: number
  readonly until?: number
}

export type StretchKind = 'booting' | 'serving' | 'draining' | 'stopped' | 'spinning'

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
export interface Over {
  readonly second: number
  readonly bars: readonly Bar[]
  /** How many lanes they lie in. */
  readonly lanes: number
}

export interface OpenRequest {
  readonly method: string
  readonly target: string
  readonly pid: number | undefined
  /** A proxy sends it on for a client's request of this number, which is the one that counts. */
  readonly via?: number
}

/** A listening socket and the connections that nobody has accepted yet. */
export interface Socket {
  readonly bind: Bind
  readonly waiting: number
  /** Who opened it. */
  readonly pid: number
}

export interface Counts {
  readonly answered: number
  /** Cut off in the middle, or closed without an answer. */
  readonly lost: number
  readonly refused: number
  readonly gaveUp: number
}

/** What happened, as keys of sentences with what is to be filled in; the first is the headline. */
export interface Happening {
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
  'diedBySignal',
  'diedByCode',
  'left',
  'killedByParent',
  'lost',
  'unnoticedPolling',
  'unnoticedBooting',
  'unnoticed',
  'noticedPolling',
  'noticed',
  'back',
  'orphanDied',
  'orphansLeft',
  'askedToStop',
  'askedToStopWhy',
  'frozen',
  'frozenPolling',
  'frozenTimeout',
  'thawed',
  'spinning',
  'spinningPolling',
  'spinningTimeout',
  'more',
  'moreDone',
  'fewer',
  'fewerWhy',
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
  'ended',
  'endedByCode',
  'endedBySignal',
  'neverServed',
  'total',
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
  places: [],
  sockets: [],
  counts: { answered: 0, lost: 0, refused: 0, gaveUp: 0 },
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
  around: NOTHING_AROUND,
}
