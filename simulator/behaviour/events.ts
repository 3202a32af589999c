import type { ProgramName } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'

/** Something that can happen to a server, and how it is caused. */
export interface ServerEvent {
  readonly id: string
  readonly group: 'start' | 'worker' | 'signal' | 'stop' | 'trouble'
  /** The name of the recordings of the same event. */
  readonly recorded: string
  /** How many workers (4). */
  readonly workers?: number
  /** Options that are added to the command line of each program; `unknown`: it has no such option, so the event cannot happen to it. */
  readonly options?: Readonly<Partial<Record<ProgramName, readonly string[] | 'unknown'>>>
  readonly app?: string
  /** The source of the scripted application, when it misbehaves from the start (see host/virtual/scripted). */
  readonly source?: string
  readonly portTaken?: true
  /** Actions once all workers serve; empty for events that happen at the start. */
  readonly deeds: readonly EventAction[]
  /** How long the server is observed, in seconds (12). */
  readonly watch?: number
}

/** An action on the server from outside. */
export type EventAction =
  | { readonly do: 'signal manager'; readonly signal: SignalName }
  | { readonly do: 'signal worker'; readonly signal: SignalName }
  | { readonly do: 'ctrl-c' }
  | { readonly do: 'request'; readonly target: string }
  | { readonly do: 'edit'; readonly source: string }
  | { readonly do: 'wait'; readonly ms: number }

const toManager = (signal: SignalName): EventAction => ({ do: 'signal manager', signal })
const toWorker = (signal: SignalName): EventAction => ({ do: 'signal worker', signal })
const request = (target: string): EventAction => ({ do: 'request', target })
const CTRL_C: EventAction = { do: 'ctrl-c' }
const MOMENT: EventAction = { do: 'wait', ms: 300 }

/** A short worker timeout for the events that wait for it; gunicorn's default is 30 s. */
const SHORT = { gunicorn: ['--timeout', '4'] } as const

/** Every event of the table, in its order. */
export const EVENTS = [
  { id: 'start', group: 'start', recorded: 'start-4', deeds: [] },
  { id: 'bad-module', group: 'start', recorded: 'bad-module', app: 'nosuch:app', deeds: [], watch: 8 },
  { id: 'bad-attribute', group: 'start', recorded: 'bad-attribute', app: 'main:nosuch', deeds: [], watch: 8 },
  {
    id: 'import-raises',
    group: 'start',
    recorded: 'import-raises',
    source: 'boot=raise',
    deeds: [],
    watch: 8,
  },
  {
    id: 'startup-fails',
    group: 'start',
    recorded: 'lifespan-fail',
    source: 'life=fail',
    deeds: [],
    watch: 8,
  },
  {
    id: 'boot-loop',
    group: 'start',
    recorded: 'boot-loop-exit-1',
    source: 'boot=exit1',
    deeds: [],
    watch: 5,
  },
  { id: 'port-in-use', group: 'start', recorded: 'port-in-use', portTaken: true, deeds: [] },
  { id: 'worker-kill', group: 'worker', recorded: 'kill9-worker', deeds: [toWorker('KILL')] },
  { id: 'worker-term', group: 'worker', recorded: 'term-worker', deeds: [toWorker('TERM')] },
  { id: 'worker-int', group: 'worker', recorded: 'int-worker', deeds: [toWorker('INT')] },
  { id: 'worker-exit-0', group: 'worker', recorded: 'worker-exit-0', deeds: [request('/exit/0')] },
  { id: 'worker-exit-1', group: 'worker', recorded: 'worker-exit-1', deeds: [request('/exit/1')] },
  { id: 'worker-exit-3', group: 'worker', recorded: 'worker-exit-3', deeds: [request('/exit/3')] },
  { id: 'worker-exit-4', group: 'worker', recorded: 'worker-exit-4', deeds: [request('/exit/4')] },
  {
    id: 'max-requests',
    group: 'worker',
    recorded: 'max-requests',
    workers: 2,
    options: {
      uvicorn: ['--limit-max-requests', '2'],
      gunicorn: ['--max-requests', '2'],
      // It does not pass the option on to the uvicorn inside it.
      fastapi: 'unknown',
    },
    deeds: Array.from({ length: 5 }, () => [request('/'), MOMENT]).flat(),
  },
  {
    id: 'busy-loop',
    group: 'worker',
    recorded: 'hung-busy-loop',
    workers: 2,
    options: SHORT,
    deeds: [request('/busy/14')],
    watch: 20,
  },
  {
    id: 'frozen',
    group: 'worker',
    recorded: 'hung-sigstop',
    workers: 2,
    options: SHORT,
    deeds: [toWorker('STOP')],
  },
  { id: 'ttin', group: 'signal', recorded: 'ttin', deeds: [toManager('TTIN')] },
  { id: 'ttou', group: 'signal', recorded: 'ttou', deeds: [toManager('TTOU')] },
  {
    id: 'ttou-at-one',
    group: 'signal',
    recorded: 'ttou-at-one',
    workers: 2,
    deeds: [toManager('TTOU'), { do: 'wait', ms: 4000 }, toManager('TTOU')],
  },
  { id: 'hup', group: 'signal', recorded: 'hup', deeds: [toManager('HUP')] },
  {
    id: 'hup-broken',
    group: 'signal',
    recorded: 'hup-broken-code',
    workers: 2,
    deeds: [{ do: 'edit', source: 'raise=broken release' }, toManager('HUP')],
    watch: 8,
  },
  { id: 'usr1', group: 'signal', recorded: 'usr1', deeds: [toManager('USR1')] },
  { id: 'usr2', group: 'signal', recorded: 'usr2', deeds: [toManager('USR2')] },
  { id: 'winch', group: 'signal', recorded: 'winch', deeds: [toManager('WINCH')] },
  { id: 'ctrl-c', group: 'stop', recorded: 'ctrl-c', deeds: [CTRL_C], watch: 40 },
  { id: 'int', group: 'stop', recorded: 'int-master', deeds: [toManager('INT')], watch: 40 },
  { id: 'term', group: 'stop', recorded: 'term-master', deeds: [toManager('TERM')], watch: 40 },
  { id: 'quit', group: 'stop', recorded: 'quit-master', deeds: [toManager('QUIT')], watch: 40 },
  {
    id: 'inflight-term',
    group: 'stop',
    recorded: 'inflight-term',
    deeds: [request('/slow/4'), MOMENT, toManager('TERM')],
  },
  {
    id: 'ctrl-c-twice',
    group: 'stop',
    recorded: 'inflight-ctrl-c-twice',
    deeds: [request('/slow/20'), MOMENT, CTRL_C, { do: 'wait', ms: 1500 }, CTRL_C],
  },
  { id: 'manager-kill', group: 'stop', recorded: 'kill9-master', deeds: [toManager('KILL')] },
] as const satisfies readonly ServerEvent[]

/** The name of an event. */
export type EventId = (typeof EVENTS)[number]['id']
