import type { LogLevel, MessagePart, ExceptionInfo } from '../manager/log.ts'
import type { AppError, StepResult } from '../manager/machine.ts'
import { bindUrl, message } from '../manager/say.ts'
import type { SignalName } from '../manager/signals.ts'
import type { LoggedAnswer, Phase, WorkerBirth, WorkerEffect, WorkerEvent } from './life.ts'
import { loadFailureInGunicorn } from './load-failure.ts'
import { NOTIFY_MS, TICK_MS } from './rules.ts'

/** The state of gunicorn 26.1.0's own worker class `asgi` (`gunicorn/workers/gasgi.py`). */
export interface AsgiWorker {
  readonly kind: 'asgi'
  readonly birth: WorkerBirth
  readonly phase: Phase
  readonly now: number
  /** Whether it goes on: a signal, the end of its parent, or its last request (`--max-requests`) ends it. */
  readonly alive: boolean
  /** SIGINT or SIGQUIT: it does not wait for open connections. */
  readonly quick: boolean
  readonly orphaned: boolean
  /** Whether the application has a startup that worked, and so a shutdown. */
  readonly lifespan: boolean
  readonly requests: number
  readonly maxRequests: number | undefined
  readonly open: number
  /** When the wait for open connections ends, on the host's clock in ms. */
  readonly deadline: number
  /** Its application could not be loaded: the event loop, whose signal handlers are set, never ran and was never closed. */
  readonly failed: boolean
}

/** A worker before its first event. */
export function newAsgiWorker(birth: WorkerBirth): AsgiWorker {
  const { maxRequests, maxRequestsJitter } = birth.settings
  const jitter = Math.floor(birth.chance * (maxRequestsJitter + 1))
  return {
    kind: 'asgi',
    birth,
    phase: 'new',
    now: 0,
    alive: true,
    quick: false,
    orphaned: false,
    lifespan: true,
    requests: 0,
    maxRequests: maxRequests === undefined ? undefined : maxRequests + jitter,
    open: 0,
    deadline: 0,
    failed: false,
  }
}

/** Its handlers are set before the application is imported; they run when the event loop gets its turn. */
export function asgiHandles(worker: AsgiWorker, signal: SignalName): boolean {
  if (worker.phase === 'new' || (worker.phase === 'leaving' && !worker.failed)) return false
  return HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['QUIT', 'TERM', 'INT', 'USR1', 'WINCH', 'ABRT']

type Draft = { -readonly [K in keyof AsgiWorker]: AsgiWorker[K] }

/** Gives a worker an event. */
export function stepAsgiWorker(worker: AsgiWorker, event: WorkerEvent): StepResult<AsgiWorker, WorkerEffect> {
  if (worker.phase === 'leaving') return { state: worker, effects: [] }
  const draft: Draft = { ...worker, now: event.at }
  const effects: WorkerEffect[] = []
  receive(draft, event, effects)
  return { state: draft, effects }
}

function receive(draft: Draft, event: WorkerEvent, effects: WorkerEffect[]): void {
  switch (event.type) {
    case 'start':
      draft.phase = 'importing'
      say(draft, effects, 'info', 'Booting worker with pid: ', { part: 'pid', pid: draft.birth.pid })
      effects.push({ type: 'import' })
      return
    case 'imported':
      draft.phase = 'starting'
      effects.push({ type: 'startup' })
      return
    case 'import-failed':
      return importFailed(draft, event.error, effects)
    case 'started':
      draft.lifespan = event.supported
      return serve(draft, effects)
    case 'startup-failed':
      // Treated as an application without lifespan; only logged at level debug.
      say(draft, effects, 'debug', `ASGI lifespan not supported by app: ${event.raised.message}`)
      draft.lifespan = false
      return serve(draft, effects)
    case 'completed':
      return completed(draft, event.answer, effects)
    case 'request-raised':
      return sayRaised(draft, effects, event.raised)
    case 'open':
      draft.open = event.connections
      return
    case 'stopped':
      if (draft.phase === 'stopping') leave(draft, effects)
      return
    case 'shutdown-failed':
      say(draft, effects, 'error', `ASGI lifespan shutdown error: ${event.raised.message}`)
      return leave(draft, effects)
    case 'signal':
      return signalled(draft, event.signal, effects)
    case 'orphaned':
      draft.orphaned = true
      return
    case 'timer':
      return tick(draft, effects)
  }
}

function importFailed(draft: Draft, error: AppError, effects: WorkerEffect[]): void {
  const { records, code } = loadFailureInGunicorn(draft.birth, error)
  for (const record of records) effects.push({ type: 'log', record })
  draft.failed = true
  leave(draft, effects, code)
}

function serve(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'serving'
  const { binds, tls } = draft.birth.settings
  for (const bind of binds) {
    const address = bind.kind === 'unix' ? `unix:${bind.path}` : bindUrl(bind, tls !== undefined)
    say(draft, effects, 'info', `ASGI server listening on ${address}`)
  }
  effects.push({ type: 'accept' }, { type: 'ready' })
  look(draft, effects)
}

/** A turn of the main loop, once a second: sends a heartbeat, and checks whether the parent lives. */
function look(draft: Draft, effects: WorkerEffect[]): void {
  if (!draft.alive) return shutDown(draft, effects)
  effects.push({ type: 'heartbeat' })
  if (draft.orphaned) {
    const worker: MessagePart = { part: 'pid', pid: draft.birth.pid }
    say(draft, effects, 'info', 'Parent changed, shutting down: <Worker ', worker, '>')
    return shutDown(draft, effects)
  }
  effects.push({ type: 'timer', ms: NOTIFY_MS })
}

function completed(draft: Draft, answer: LoggedAnswer | undefined, effects: WorkerEffect[]): void {
  if (answer !== undefined && draft.birth.settings.accessLog) sayAnswer(draft, effects, answer)
  draft.requests += 1
  if (draft.maxRequests === undefined || draft.requests < draft.maxRequests) return
  say(draft, effects, 'info', 'Autorestarting worker after current request.')
  draft.alive = false
}

function sayAnswer(draft: Draft, effects: WorkerEffect[], answer: LoggedAnswer): void {
  const { bytes, referer, agent, ...request } = answer
  const combined = {
    bytes,
    ...(referer === undefined ? {} : { referer }),
    ...(agent === undefined ? {} : { agent }),
  }
  effects.push({ type: 'log', record: { kind: 'access', pid: draft.birth.pid, ...request, combined } })
}

function sayRaised(draft: Draft, effects: WorkerEffect[], raised: ExceptionInfo): void {
  effects.push({
    type: 'log',
    record: message(draft.birth.pid, 'error', ['Error in ASGI application'], raised),
  })
}

function signalled(draft: Draft, signal: SignalName, effects: WorkerEffect[]): void {
  switch (signal) {
    case 'TERM':
      draft.alive = false
      return
    case 'INT':
    case 'QUIT':
      draft.quick = true
      draft.alive = false
      return
    case 'ABRT':
      effects.push({ type: 'cut' })
      return leave(draft, effects, 1)
    case 'WINCH':
      return say(draft, effects, 'debug', 'worker: SIGWINCH ignored.')
  }
}

function tick(draft: Draft, effects: WorkerEffect[]): void {
  switch (draft.phase) {
    case 'serving':
      return look(draft, effects)
    case 'draining':
      if (draft.open === 0 || draft.quick) return stopApplication(draft, effects)
      draft.phase = 'waiting-for-connections'
      draft.deadline = draft.now + (draft.birth.settings.gracefulTimeout ?? 30) * 1000
      say(draft, effects, 'info', `Waiting for ${draft.open} connections to finish...`)
      effects.push({ type: 'timer', ms: TICK_MS })
      return
    case 'waiting-for-connections':
      return wait(draft, effects)
    default:
      return
  }
}

function wait(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.open === 0) return stopApplication(draft, effects)
  if (!draft.quick && draft.now < draft.deadline) {
    effects.push({ type: 'timer', ms: TICK_MS })
    return
  }
  if (draft.quick) say(draft, effects, 'info', 'Quick shutdown requested')
  say(draft, effects, 'warning', `Forcing close of ${draft.open} connections`)
  stopApplication(draft, effects)
}

function shutDown(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'draining'
  say(draft, effects, 'info', 'Worker shutting down...')
  // The host reports at once how many connections are open; the timer picks that up.
  effects.push({ type: 'drain' }, { type: 'timer', ms: 0 })
}

function stopApplication(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.quick || !draft.lifespan) {
    effects.push({ type: 'cut' })
    return leave(draft, effects)
  }
  draft.phase = 'stopping'
  effects.push({ type: 'shutdown' })
}

function leave(draft: Draft, effects: WorkerEffect[], code = 0): void {
  draft.phase = 'leaving'
  say(draft, effects, 'info', 'Worker exiting (pid: ', { part: 'pid', pid: draft.birth.pid }, ')')
  effects.push({ type: 'exit', code })
}

function say(draft: Draft, effects: WorkerEffect[], level: LogLevel, ...parts: readonly MessagePart[]): void {
  effects.push({ type: 'log', record: message(draft.birth.pid, level, parts) })
}
