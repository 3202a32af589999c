import type { LogLevel, LogRecord, Part, Raised } from '../manager/log.ts'
import type { AppError, BindError, Step } from '../manager/machine.ts'
import {
  badPort,
  bindUrl,
  farewell,
  logQuestions,
  message,
  osError,
  tracebackText,
  uncaught,
} from '../manager/say.ts'
import type { Bind } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import { uvicornInside } from '../manager/versions.ts'
import type { Answer, Phase, WorkerBirth, WorkerEffect, WorkerEvent } from './life.ts'
import { loadFailure } from './load-failure.ts'
import type { WorkerRules } from './rules.ts'
import { BOOT_FAILURE, NOTIFY_MS, TICK_MS, workerRules } from './rules.ts'

/** The state of uvicorn's `Server`: in the only process, in a spawned one, or in gunicorn's worker. */
export interface Server {
  readonly kind: 'uvicorn'
  readonly birth: WorkerBirth
  readonly phase: Phase
  readonly now: number
  readonly servingSince: number
  /** Whether the application has a startup and a shutdown, and waits for the latter. */
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
  /** How many responses were cancelled when the graceful timeout was over. */
  readonly cancelled: number
  /** The code to end with when the stop was forced by a failure. */
  readonly failure: number | undefined
  /** Questions that the terminal has not been asked yet. */
  readonly questions: readonly LogRecord[]
}

/** A worker at its birth. */
export function newServer(birth: WorkerBirth): Server {
  const { maxRequests, maxRequestsJitter, speaks } = birth.settings
  const jitter = Math.floor(birth.chance * (maxRequestsJitter + 1))
  return {
    kind: 'uvicorn',
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
    cancelled: 0,
    failure: undefined,
    questions: birth.role === 'spawned' ? logQuestions(speaks, birth.pid) : [],
  }
}

/** Whether the process has a handler for this signal now; if not, the kernel's default action is taken. */
export function serverHandles(worker: Server, signal: SignalName): boolean {
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

function takesSignals(worker: Server): boolean {
  if (worker.phase !== 'importing') return true
  // In gunicorn the application is imported before uvicorn's server begins.
  return worker.birth.role !== 'forked' && rules(worker).takesSignals === 'before-import'
}

/** See `hearsHighestFirst`. */
export function serverHearsHighestFirst(worker: Server): boolean {
  return rules(worker).takesSignals === 'before-startup'
}

type Draft = { -readonly [K in keyof Server]: Server[K] }

/** What a worker answers to an event. */
export function stepServer(worker: Server, event: WorkerEvent): Step<Server, WorkerEffect> {
  if (worker.phase === 'leaving') return { state: worker, effects: [] }
  const draft: Draft = { ...worker, now: event.at }
  const effects: WorkerEffect[] = []
  receive(draft, event, effects)
  return { state: draft, effects }
}

function receive(draft: Draft, event: WorkerEvent, effects: WorkerEffect[]): void {
  switch (event.type) {
    case 'start':
      return begin(draft, effects)
    case 'answered':
      if (draft.phase === 'asking') begin(draft, effects)
      return
    case 'orphaned':
      // It does not notice, and serves on.
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

function begin(draft: Draft, effects: WorkerEffect[]): void {
  const { role, pid } = draft.birth
  const [question, ...others] = draft.questions
  if (question !== undefined) {
    draft.phase = 'asking'
    draft.questions = others
    effects.push({ type: 'ask', record: question })
    return
  }
  draft.phase = 'importing'
  if (role === 'forked') say(draft, effects, 'info', ['Booting worker with pid: ', { part: 'pid', pid }])
  effects.push({ type: 'import' })
}

function imported(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'starting'
  say(draft, effects, 'info', ['Started server process [', { part: 'worker', pid: draft.birth.pid }, ']'])
  if (!isOff(draft)) say(draft, effects, 'info', ['Waiting for application startup.'])
  effects.push({ type: 'startup' })
}

function importFailed(draft: Draft, error: AppError, effects: WorkerEffect[]): void {
  const { records, code } = loadFailure(draft.birth, error, rules(draft))
  for (const record of records) effects.push({ type: 'log', record })
  leave(draft, effects, code)
}

function started(draft: Draft, supported: boolean, effects: WorkerEffect[]): void {
  draft.lifespan = supported && !isOff(draft)
  if (!supported) say(draft, effects, 'info', [LIFESPAN_UNSUPPORTED])
  if (!isOff(draft)) say(draft, effects, 'info', ['Application startup complete.'])
  if (draft.birth.role !== 'single') return serve(draft, effects)
  draft.phase = 'binding'
  const { binds, backlog } = draft.birth.settings
  effects.push({ type: 'bind', binds, backlog, replacesFile: true })
}

/** `--lifespan off`: of startup and shutdown nothing is said. */
function isOff({ birth }: Draft): boolean {
  return birth.settings.lifespan === 'off'
}

/** An application that raises in its startup. FastAPI's own message is the whole traceback; a plain one is its sentence. */
function startupFailed(draft: Draft, raised: Raised, effects: WorkerEffect[]): void {
  const fastapi = draft.birth.settings.speaks.program === 'fastapi'
  say(draft, effects, 'error', [fastapi ? tracebackText(raised) : raised.message])
  say(draft, effects, 'error', ['Application startup failed. Exiting.'])
  leave(draft, effects, draft.birth.role === 'spawned' ? rules(draft).startupFailureCode : BOOT_FAILURE)
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

function asyncioError(bind: Bind, error: BindError): string {
  const address = bind.kind === 'tcp' ? `('${bind.host}', ${bind.port})` : bindUrl(bind, false)
  const attempt = `error while attempting to bind on address ${address}`
  switch (error) {
    case 'in-use':
      return `[Errno 98] ${attempt}: address already in use`
    case 'not-available':
      return `[Errno 99] ${attempt}: cannot assign requested address`
    case 'not-permitted':
      return `[Errno 13] ${attempt}: permission denied`
    default:
      return osError(error)
  }
}

function serve(draft: Draft, effects: WorkerEffect[]): void {
  draft.phase = 'serving'
  draft.servingSince = draft.now
  if (draft.shouldExit && !rules(draft).stopsTidilyAtStart) return abandon(draft, effects)
  effects.push({ type: 'accept' }, { type: 'ready' })
  if (draft.shouldExit) return drain(draft, effects)
  beat(draft, effects)
  schedule(draft, effects)
}

function responded(draft: Draft, event: WorkerEvent & { type: 'responded' }, effects: WorkerEffect[]): void {
  const { accessLog, gunicorn } = draft.birth.settings
  // In a format of the user's own it is logged when the answer is done.
  if (!accessLog || gunicorn?.accessFormat !== undefined) return
  const { method, target, httpVersion, status } = event
  const request = { kind: 'access', pid: draft.birth.pid, method, target, httpVersion, status } as const
  effects.push({
    type: 'log',
    record: event.client === undefined ? request : { ...request, client: event.client },
  })
}

/** gunicorn's `--access-logformat`. The original's worker class does not know it. */
function completed(draft: Draft, answer: Answer | undefined, effects: WorkerEffect[]): void {
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

function limitRequests(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.phase === 'serving' && reachedLimit(draft)) schedule(draft, effects)
}

function reachedLimit(worker: Server): boolean {
  return worker.maxRequests !== undefined && worker.requests >= worker.maxRequests
}

/** `handle_exit`: the first signal asks to stop; SIGINT after that forces it. */
function signalled(draft: Draft, signal: SignalName, effects: WorkerEffect[]): void {
  // gunicorn's own handlers of these do nothing that shows; a question to the terminal swallows SIGINT.
  if (signal === 'QUIT' || signal === 'USR1' || draft.phase === 'asking') return
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
    draft.cancelled = draft.open
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

function beatIsDue(worker: Server): boolean {
  return worker.lastBeat === undefined || worker.now - worker.lastBeat >= beatPeriod(worker)
}

function beatPeriod(worker: Server): number {
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
  if (draft.forceExit) return abandon(draft, effects)
  draft.phase = 'stopping'
  if (!draft.lifespan) return finish(draft, effects)
  say(draft, effects, 'info', ['Waiting for application shutdown.'])
  // Cancelled responses get their turn while the application shuts down.
  for (let i = 0; i < draft.cancelled; i++) sayCancelled(draft, effects, CANCELLED)
  effects.push({ type: 'shutdown' })
}

const CANCELLED = 'Task cancelled, timeout graceful shutdown exceeded'

function sayCancelled(draft: Draft, effects: WorkerEffect[], message: string): void {
  const raised: Raised = { name: 'asyncio.exceptions.CancelledError', message, frames: [] }
  say(draft, effects, 'error', ['Exception in ASGI application'], raised)
}

function stopped(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.phase !== 'stopping') return
  say(draft, effects, 'info', ['Application shutdown complete.'])
  finish(draft, effects)
}

function finish(draft: Draft, effects: WorkerEffect[]): void {
  if (draft.failure !== undefined) return leave(draft, effects, draft.failure)
  sayFinished(draft, effects)
  leave(draft, effects, 0)
}

/** The end without the application's shutdown. Where no signal ends the process, asyncio cancels what is left, and that is heard of. */
function abandon(draft: Draft, effects: WorkerEffect[]): void {
  effects.push({ type: 'cut' })
  if (draft.forceExit) sayFinished(draft, effects)
  if (lastWord(draft) === undefined) {
    for (let i = 0; i < draft.open; i++) sayCancelled(draft, effects, '')
    if (draft.lifespan) say(draft, effects, 'info', [LIFESPAN_UNSUPPORTED])
  }
  leave(draft, effects, 0)
}

const LIFESPAN_UNSUPPORTED = "ASGI 'lifespan' protocol appears unsupported."

/** uvicorn gives its signal handlers up only after this line. */
function sayFinished(draft: Draft, effects: WorkerEffect[]): void {
  const { pid } = draft.birth
  const record = message(pid, 'info', ['Finished server process [', { part: 'worker', pid }, ']'])
  effects.push({ type: 'log', record, signals: rules(draft).raisesAgain ? 'raised-after' : 'forgotten' })
}

/** The program is over, or a signal that it took is raised again and ends it. */
function leave(draft: Draft, effects: WorkerEffect[], code: number): void {
  draft.phase = 'leaving'
  const { role, pid, settings } = draft.birth
  const signal = lastWord(draft)
  if (signal !== undefined) {
    effects.push({ type: 'raise', signal })
    return
  }
  if (role === 'forked') say(draft, effects, 'info', ['Worker exiting (pid: ', { part: 'pid', pid }, ')'])
  if (role === 'single') {
    for (const bind of settings.binds)
      if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
    if (settings.speaks.program === 'fastapi') effects.push({ type: 'log', record: farewell(pid) })
  }
  effects.push({ type: 'exit', code })
}

/**
 * The signal by which the process ends when those that it took are raised again, the last first. gunicorn has set them back to the
 * kernel's default; else SIGINT is Python's KeyboardInterrupt, and the second one keeps the others from being raised.
 */
function lastWord(worker: Server): SignalName | undefined {
  if (!rules(worker).raisesAgain) return undefined
  let interrupts = 0
  for (const signal of worker.captured.toReversed()) {
    if (signal !== 'INT' || worker.birth.role === 'forked') return signal
    interrupts += 1
    if (interrupts === 2) return undefined
  }
  return undefined
}

function rules(worker: Server): WorkerRules {
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
