import type { StepResult } from '../../manager/machine.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { LoggedAnswer, WorkerEffect, WorkerEvent } from '../life.ts'
import { begin, bindFailed, bound, importFailed, imported, started, startupFailed } from './boot.ts'
import { limitRequests, schedule, tickServing } from './serve.ts'
import { type UvicornServerDraft, type UvicornServer, rules, say } from './state.ts'
import { finish, stopped, tickDraining, tickWaiting } from './stop.ts'

/** Whether the process has a handler for this signal now; without one the kernel takes the default action. */
export function serverHandles(worker: UvicornServer, signal: SignalName): boolean {
  const { phase } = worker
  if (phase === 'new' || phase === 'leaving') return false
  switch (signal) {
    case 'INT':
      return phase === 'asking' || takesSignals(worker)
    case 'TERM':
      return phase !== 'asking' && takesSignals(worker)
    case 'USR1':
      return worker.birth.role === 'forked' && rules(worker).survivesInGunicorn
    case 'QUIT':
      return worker.birth.role === 'forked' && rules(worker).survivesInGunicorn && phase !== 'importing'
    default:
      return false
  }
}

function takesSignals(worker: UvicornServer): boolean {
  if (worker.phase !== 'importing') return true
  // In gunicorn the application is imported before uvicorn's server begins.
  return worker.birth.role !== 'forked' && rules(worker).takesSignals === 'before-import'
}

/** See `hearsHighestFirst`. */
export function serverHearsHighestFirst(worker: UvicornServer): boolean {
  return rules(worker).takesSignals === 'before-startup'
}

/** Gives a worker an event. */
export function stepServer(
  worker: UvicornServer,
  event: WorkerEvent,
): StepResult<UvicornServer, WorkerEffect> {
  if (worker.phase === 'leaving') return { state: worker, effects: [] }
  const draft: UvicornServerDraft = { ...worker, now: event.at }
  const effects: WorkerEffect[] = []
  receive(draft, event, effects)
  return { state: draft, effects }
}

function receive(draft: UvicornServerDraft, event: WorkerEvent, effects: WorkerEffect[]): void {
  switch (event.type) {
    case 'start':
      return begin(draft, effects)
    case 'answered':
      if (draft.phase === 'asking') begin(draft, effects)
      return
    case 'orphaned':
      // It does not notice, and goes on serving.
      return
    case 'imported':
      return imported(draft, effects)
    case 'import-failed':
      return importFailed(draft, event.error, effects)
    case 'started':
      return started(draft, event.supported, effects)
    case 'startup-failed':
      return startupFailed(draft, event.raised, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event.bind, event.error, effects)
    case 'responded':
      return responded(draft, event, effects)
    case 'completed':
      completed(draft, event.answer, effects)
      draft.requests += 1
      return limitRequests(draft, effects)
    case 'turned-away':
      return say(draft, effects, 'warning', ['Exceeded concurrency limit.'])
    case 'request-raised':
      return say(draft, effects, 'error', ['Exception in ASGI application'], event.raised)
    case 'open':
      draft.open = event.connections
      return
    case 'stopped':
      return stopped(draft, effects)
    case 'shutdown-failed':
      say(draft, effects, 'error', [event.raised.message])
      say(draft, effects, 'error', ['Application shutdown failed. Exiting.'])
      return finish(draft, effects)
    case 'signal':
      return signalled(draft, event.signal, effects)
    case 'timer':
      return tick(draft, effects)
  }
}

function responded(
  draft: UvicornServerDraft,
  event: WorkerEvent & { type: 'responded' },
  effects: WorkerEffect[],
): void {
  if (event.status === SWITCHING_PROTOCOLS) return sayWebSocket(draft, event, effects)
  const { accessLog, gunicorn } = draft.birth.settings
  // A custom format is logged when the response has ended.
  if (!accessLog || gunicorn?.accessFormat !== undefined) return
  const { method, target, httpVersion, status } = event
  const request = { kind: 'access', pid: draft.birth.pid, method, target, httpVersion, status } as const
  effects.push({
    type: 'log',
    record: event.client === undefined ? request : { ...request, client: event.client },
  })
}

const SWITCHING_PROTOCOLS = 101

/** The line about a WebSocket, which the server itself logs, not the access log; its end is not logged. */
function sayWebSocket(
  draft: UvicornServerDraft,
  event: WorkerEvent & { type: 'responded' },
  effects: WorkerEffect[],
): void {
  const { client, target } = event
  const from = client === undefined ? '' : `${client.host}:${client.port}`
  say(draft, effects, 'info', [`${from} - "WebSocket ${target}" `, { part: 'markup', text: '[accepted]' }])
  say(draft, effects, 'info', ['connection open'])
}

/** gunicorn's `--access-logformat`. The original's worker class does not know it. */
function completed(
  draft: UvicornServerDraft,
  answer: LoggedAnswer | undefined,
  effects: WorkerEffect[],
): void {
  if (answer?.custom === undefined || !draft.birth.settings.accessLog) return
  const { client, method, target, httpVersion, status, custom } = answer
  const from = client === undefined ? {} : { client }
  const record = {
    kind: 'access',
    pid: draft.birth.pid,
    ...from,
    method,
    target,
    httpVersion,
    status,
    custom,
  } as const
  effects.push({ type: 'log', record })
}

/** `handle_exit`: the first signal asks for a stop; SIGINT after that forces it. */
function signalled(draft: UvicornServerDraft, signal: SignalName, effects: WorkerEffect[]): void {
  // gunicorn's own handlers of these signals have no visible effect; a query to the terminal swallows SIGINT.
  if (signal === 'QUIT' || signal === 'USR1' || draft.phase === 'asking') return
  draft.captured = [...draft.captured, signal]
  if (draft.shouldExit && signal === 'INT') draft.forceExit = true
  draft.shouldExit = true
  if (draft.phase === 'serving') schedule(draft, effects)
}

function tick(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  switch (draft.phase) {
    case 'serving':
      return tickServing(draft, effects)
    case 'draining':
      return tickDraining(draft, effects)
    case 'waiting-for-connections':
      return tickWaiting(draft, effects)
    default:
      return
  }
}
