import type { LogLevel, Part, Raised } from '../manager/log.ts'
import type { AppError, BindError, Step } from '../manager/machine.ts'
import { badPort, bindUrl, farewell, message, tracebackText, uncaught } from '../manager/say.ts'
import type { Bind } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import { uvicornInside } from '../manager/versions.ts'
import type { WorkerBirth, WorkerEffect, WorkerEvent } from './life.ts'
import { loadFailure } from './load-failure.ts'
import type { WorkerRules } from './rules.ts'
import { BOOT_FAILURE, NOTIFY_MS, TICK_MS, workerRules } from './rules.ts'

/** Where a worker stands in its life. */
export type Phase =
  | 'new'
  | 'importing'
  | 'starting'
  | 'binding'
  | 'serving'
  /** No new connections; the pause of 0.1 s before it looks whether responses are still open. */
  | 'draining'
  | 'waiting-for-connections'
  | 'stopping'
  /** The program is over; the process still takes a moment to leave. */
  | 'leaving'

/** The state of a worker: the life of uvicorn's `Server`, inside gunicorn's worker or alone. */
export interface Worker {
  readonly birth: WorkerBirth
  readonly phase: Phase
  readonly now: number
  readonly servingSince: number
  readonly lifespan: boolean
  /** Signals taken so far, in order. */
  readonly captured: readonly SignalName[]
  readonly shouldExit: boolean
  readonly forceExit: boolean
  readonly requests: number
  readonly maxRequests: number | undefined
  readonly open: number
  readonly lastBeat: number | undefined
  readonly waitingSince: number
  /** The code to end with when the stop was forced by a failure. */
  readonly failure: number | undefined
}

/** A worker at its birth. */
export function newWorker(birth: WorkerBirth): Worker {
  const { maxRequests, maxRequestsJitter } = birth.settings
  const jitter = Math.floor(birth.chance * (maxRequestsJitter + 1))
  return {
    birth,
    phase: 'new',
    now: 0,
    servingSince: 0,
    lifespan: true,
    captured: [],
    shouldExit: false,
    forceExit: false,
    requests: 0,
    maxRequests: maxRequests === undefined ? undefined : maxRequests + jitter,
    open: 0,
    lastBeat: undefined,
    waitingSince: 0,
    failure: undefined,
  }
}

/** Whether the process has a handler for this signal now; if not, the kernel's default action is taken. */
export function workerHandles(worker: Worker, signal: SignalName): boolean {
  if (signal !== 'INT' && signal !== 'TERM') return false
  if (worker.phase === 'new' || worker.phase === 'leaving') return false
  return worker.phase !== 'importing' || rules(worker).takesSignals === 'before-import'
}

type Draft = { -readonly [K in keyof Worker]: Worker[K] }

/** What a worker answers to an event. */
export function stepWorker(worker: Worker, event: WorkerEvent): Step<Worker, WorkerEffect> {
  if (worker.phase === 'leaving') return { state: worker, effects: [] }
  const draft: Draft = { ...worker, now: event.at }
  const effects: WorkerEffect[] = []
  receive(draft, event, effects)
  return { state: draft, effects }
}

function receive(draft: Draft, event: WorkerEvent, effects: WorkerEffect[]): void {
  switch (event.type) {
    case 'start':
      return start(draft, effects)
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
      draft.requests += 1
      return limitRequests(draft, effects)
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

function start(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'importing'
  const { role, pid } = draft.birth
  if (role === 'forked') say(draft, effects, 'info', ['Booting worker with pid: ', { part: 'pid', pid }])
  effects.push({ type: 'import' })
}

function imported(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'starting'
  say(draft, effects, 'info', ['Started server process [', { part: 'worker', pid: draft.birth.pid }, ']'])
  say(draft, effects, 'info', ['Waiting for application startup.'])
  effects.push({ type: 'startup' })
}

function importFailed(draft: Draft, error: AppError, effects: WorkerEffect[]): void {
  const { records, code } = loadFailure(draft.birth, error, rules(draft))
  for (const record of records) effects.push({ type: 'log', record })
  leave(draft, effects, code)
}

function started(draft: Draft, supported: boolean, effects: WorkerEffect[]): void {
  draft.lifespan = supported
  if (!supported) say(draft, effects, 'info', ["ASGI 'lifespan' protocol appears unsupported."])
  say(draft, effects, 'info', ['Application startup complete.'])
  if (draft.birth.role !== 'single') return serve(draft, effects)
  draft.phase = 'binding'
  effects.push({ type: 'bind', binds: draft.birth.settings.binds, backlog: draft.birth.settings.backlog })
}

/** An application that raises in its startup. FastAPI's own message is the whole traceback; a plain one is its sentence. */
function startupFailed(draft: Draft, raised: Raised, effects: WorkerEffect[]): void {
  const fastapi = draft.birth.settings.speaks.program === 'fastapi'
  say(draft, effects, 'error', [fastapi ? tracebackText(raised) : raised.message])
  say(draft, effects, 'error', ['Application startup failed. Exiting.'])
  leave(draft, effects, BOOT_FAILURE)
}

function bound(draft: Draft, binds: readonly Bind[], effects: WorkerEffect[]): void {
  for (const bind of binds) {
    const where = bindUrl(bind, draft.birth.settings.tls !== undefined)
    const text = bind.kind === 'unix' ? `unix socket ${where}` : where
    const part: Part = bind.kind === 'unix' ? text : { part: 'address', text }
    say(draft, effects, 'info', ['Uvicorn running on ', part, ' (Press CTRL+C to quit)'])
  }
  serve(draft, effects)
}

/** asyncio's words for a failed bind, and then a tidy end of the application. */
function bindFailed(draft: Draft, bind: Bind, error: BindError, effects: WorkerEffect[]): void {
  if (error === 'bad-port') {
    const { settings, pid } = draft.birth
    for (const record of uncaught(settings.speaks, pid, badPort())) effects.push({ type: 'log', record })
    draft.phase = 'leaving'
    effects.push({ type: 'exit', code: 1 })
    return
  }
  draft.failure = rules(draft).bindFailureCode
  say(draft, effects, 'error', [asyncioError(bind, error)])
  stopApplication(draft, effects)
}

function asyncioError(bind: Bind, error: Exclude<BindError, 'bad-port'>): string {
  const address = bind.kind === 'tcp' ? `('${bind.host}', ${bind.port})` : bindUrl(bind, false)
  const attempt = `error while attempting to bind on address ${address}`
  switch (error) {
    case 'in-use':
      return `[Errno 98] ${attempt}: address already in use`
    case 'not-available':
      return `[Errno 99] ${attempt}: cannot assign requested address`
    case 'not-permitted':
      return `[Errno 13] ${attempt}: permission denied`
    case 'no-such-host':
      return '[Errno -3] Temporary failure in name resolution'
  }
}

function serve(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'serving'
  draft.servingSince = draft.now
  effects.push({ type: 'accept' }, { type: 'ready' })
  if (draft.shouldExit) return drain(draft, effects)
  beat(draft, effects)
  schedule(draft, effects)
}

function responded(draft: Draft, event: WorkerEvent & { type: 'responded' }, effects: WorkerEffect[]): void {
  if (!draft.birth.settings.accessLog) return
  const { method, target, httpVersion, status } = event
  const request = { kind: 'access', pid: draft.birth.pid, method, target, httpVersion, status } as const
  effects.push({
    type: 'log',
    record: event.client === undefined ? request : { ...request, client: event.client },
  })
}

function limitRequests(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.phase === 'serving' && reachedLimit(draft)) schedule(draft, effects)
}

function reachedLimit(worker: Worker): boolean {
  return worker.maxRequests !== undefined && worker.requests >= worker.maxRequests
}

/** `handle_exit`: the first signal asks to stop; SIGINT after that forces it. */
function signalled(draft: Draft, signal: SignalName, effects: WorkerEffect[]): void {
  draft.captured = [...draft.captured, signal]
  if (draft.shouldExit && signal === 'INT') draft.forceExit = true
  draft.shouldExit = true
  if (draft.phase === 'serving') schedule(draft, effects)
}

function tick(draft: Draft, effects: WorkerEffect[]): void {
  switch (draft.phase) {
    case 'serving':
      return tickServing(draft, effects)
    case 'draining':
      if (draft.open === 0 || draft.forceExit) return stopApplication(draft, effects)
      draft.phase = 'waiting-for-connections'
      draft.waitingSince = draft.now
      say(draft, effects, 'info', ['Waiting for connections to close. (CTRL+C to force quit)'])
      effects.push({ type: 'timer', ms: TICK_MS })
      return
    case 'waiting-for-connections':
      return tickWaiting(draft, effects)
    default:
      return
  }
}

function tickServing(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.shouldExit) return drain(draft, effects)
  if (reachedLimit(draft)) {
    if (rules(draft).saysMaxRequests) {
      const text = `Maximum request limit of ${draft.maxRequests ?? 0} exceeded. Terminating process.`
      say(draft, effects, 'info', [text])
    }
    return drain(draft, effects)
  }
  beat(draft, effects)
  schedule(draft, effects)
}

function tickWaiting(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.open === 0 || draft.forceExit) return stopApplication(draft, effects)
  const limit = draft.birth.role === 'forked' ? undefined : draft.birth.settings.gracefulTimeout
  if (limit !== undefined && draft.now - draft.waitingSince >= limit * 1000) {
    const text = `Cancel ${draft.open} running task(s), timeout graceful shutdown exceeded`
    say(draft, effects, 'error', [text])
    effects.push({ type: 'cut' })
    return stopApplication(draft, effects)
  }
  effects.push({ type: 'timer', ms: TICK_MS })
}

/** gunicorn's worker says that it lives: at once, then once a second at most, when half of `--timeout` is over. */
function beat(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.birth.role !== 'forked' || !beatIsDue(draft)) return
  draft.lastBeat = draft.now
  effects.push({ type: 'heartbeat' })
}

function beatIsDue(worker: Worker): boolean {
  return worker.lastBeat === undefined || worker.now - worker.lastBeat >= beatPeriod(worker)
}

function beatPeriod(worker: Worker): number {
  return Math.max(NOTIFY_MS, Math.ceil((worker.birth.settings.timeout * 1000) / 2 / NOTIFY_MS) * NOTIFY_MS)
}

/** The loop of 0.1 s is slept through up to the tick at which there is something to see. */
function schedule(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.shouldExit || reachedLimit(draft)) {
    const sinceTick = (draft.now - draft.servingSince) % TICK_MS
    effects.push({ type: 'timer', ms: TICK_MS - sinceTick })
  } else if (draft.birth.role === 'forked' && draft.lastBeat !== undefined) {
    // At least 1 ms, or a clock of floating point numbers could stand still before the beat for ever.
    effects.push({ type: 'timer', ms: Math.max(1, draft.lastBeat + beatPeriod(draft) - draft.now) })
  }
}

function drain(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'draining'
  say(draft, effects, 'info', ['Shutting down'])
  effects.push({ type: 'drain' }, { type: 'timer', ms: TICK_MS })
}

/** A forced stop skips the application's shutdown. */
function stopApplication(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.forceExit) {
    effects.push({ type: 'cut' })
    return finish(draft, effects)
  }
  draft.phase = 'stopping'
  if (!draft.lifespan) return finish(draft, effects)
  say(draft, effects, 'info', ['Waiting for application shutdown.'])
  effects.push({ type: 'shutdown' })
}

function stopped(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.phase !== 'stopping') return
  say(draft, effects, 'info', ['Application shutdown complete.'])
  finish(draft, effects)
}

function finish(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.failure !== undefined) return leave(draft, effects, draft.failure)
  say(draft, effects, 'info', ['Finished server process [', { part: 'worker', pid: draft.birth.pid }, ']'])
  const again = rules(draft).raisesAgain && draft.captured.includes('TERM')
  if (!again) return leave(draft, effects, 0)
  draft.phase = 'leaving'
  effects.push({ type: 'raise', signal: 'TERM' })
}

function leave(draft: Draft, effects: WorkerEffect[], code: number): void {
  draft.phase = 'leaving'
  const { role, pid, settings } = draft.birth
  if (role === 'forked') say(draft, effects, 'info', ['Worker exiting (pid: ', { part: 'pid', pid }, ')'])
  if (role === 'single' && settings.speaks.program === 'fastapi') {
    effects.push({ type: 'log', record: farewell(pid) })
  }
  effects.push({ type: 'exit', code })
}

function rules(worker: Worker): WorkerRules {
  return workerRules(uvicornInside(worker.birth.settings.speaks))
}

function say(
  draft: Draft,
  effects: WorkerEffect[],
  level: LogLevel,
  parts: readonly Part[],
  raised?: Raised,
): void {
  effects.push({ type: 'log', record: message(draft.birth.pid, level, parts, raised) })
}
