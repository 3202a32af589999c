import type { ExceptionInfo } from '../../manager/log.ts'
import { closingLine, message } from '../../manager/say.ts'
import type { SignalName } from '../../manager/signals.ts'
import { traitsOf } from '../../manager/traits.ts'
import type { WorkerEffect } from '../life.ts'
import { TICK_MS } from '../rules.ts'
import { type UvicornServerDraft, type UvicornServer, rules, say } from './state.ts'

/** The code with which WebSockets are closed (RFC 6455, 7.4.1). */
const SERVICE_RESTART = 1012

/** No new connections; requests in progress are answered first. */
export function drain(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  draft.phase = 'draining'
  say(draft, effects, 'info', ['Shutting down'])
  effects.push({ type: 'drain', webSockets: SERVICE_RESTART }, { type: 'timer', ms: TICK_MS })
}

/** The pause of 0.1 s is over: checks for open responses. */
export function tickDraining(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.open === 0 || draft.forceExit) return stopApplication(draft, effects)
  draft.phase = 'waiting-for-connections'
  draft.waitingSince = draft.now
  say(draft, effects, 'info', ['Waiting for connections to close. (CTRL+C to force quit)'])
  effects.push({ type: 'timer', ms: TICK_MS })
}

/** A tick while it waits for open connections, until the graceful timeout. */
export function tickWaiting(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
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

/** A forced stop skips the application's shutdown. */
export function stopApplication(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.forceExit) return abandon(draft, effects)
  draft.phase = 'stopping'
  if (!draft.lifespan) return finish(draft, effects)
  say(draft, effects, 'info', ['Waiting for application shutdown.'])
  // Cancelled responses get their turn while the application shuts down.
  for (let i = 0; i < draft.cancelled; i++) sayCancelled(draft, effects, CANCELLED)
  effects.push({ type: 'shutdown' })
}

const CANCELLED = 'Task cancelled, timeout graceful shutdown exceeded'

function sayCancelled(draft: UvicornServerDraft, effects: WorkerEffect[], message: string): void {
  const raised: ExceptionInfo = { name: 'asyncio.exceptions.CancelledError', message, frames: [] }
  say(draft, effects, 'error', ['Exception in ASGI application'], raised)
}

/** The application's shutdown is done. */
export function stopped(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.phase !== 'stopping') return
  say(draft, effects, 'info', ['Application shutdown complete.'])
  finish(draft, effects)
}

/** Ends after a clean stop. */
export function finish(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.failure !== undefined) return leave(draft, effects, draft.failure)
  sayFinished(draft, effects)
  leave(draft, effects, 0)
}

/** Ends without the application's shutdown. When no signal ends the process, asyncio cancels the remaining tasks, which is logged. */
export function abandon(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  effects.push({ type: 'cut' })
  if (draft.forceExit) sayFinished(draft, effects)
  if (signalToRaise(draft) === undefined) {
    for (let i = 0; i < draft.open; i++) sayCancelled(draft, effects, '')
    if (draft.lifespan) say(draft, effects, 'info', [LIFESPAN_UNSUPPORTED])
  }
  leave(draft, effects, 0)
}

/** What uvicorn logs about an application without startup and shutdown. */
export const LIFESPAN_UNSUPPORTED = "ASGI 'lifespan' protocol appears unsupported."

/** uvicorn resets its signal handlers only after this line. */
function sayFinished(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  const { pid } = draft.birth
  const record = message(pid, 'info', ['Finished server process [', { part: 'worker', pid }, ']'])
  effects.push({ type: 'log', record, signals: rules(draft).raisesAgain ? 'raised-after' : 'forgotten' })
}

/** The program is over; a signal that it caught is raised again and ends the process. */
export function leave(draft: UvicornServerDraft, effects: WorkerEffect[], code: number): void {
  draft.phase = 'leaving'
  const { role, pid, settings } = draft.birth
  const signal = signalToRaise(draft)
  if (signal !== undefined) {
    effects.push({ type: 'raise', signal })
    return
  }
  if (role === 'forked') say(draft, effects, 'info', ['Worker exiting (pid: ', { part: 'pid', pid }, ')'])
  if (role === 'single') {
    for (const bind of settings.binds)
      if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
    if (traitsOf(settings.speaks).printsByRich) effects.push({ type: 'log', record: closingLine(pid) })
  }
  effects.push({ type: 'exit', code })
}

/**
 * The signal that ends the process when those it caught are raised again, the last one first. gunicorn has reset them to the kernel's
 * default; otherwise SIGINT is Python's KeyboardInterrupt, and a second one keeps the others from being raised.
 */
function signalToRaise(worker: UvicornServer): SignalName | undefined {
  if (!rules(worker).raisesAgain) return undefined
  let interrupts = 0
  for (const signal of worker.captured.toReversed()) {
    if (signal !== 'INT' || worker.birth.role === 'forked') return signal
    interrupts += 1
    if (interrupts === 2) return undefined
  }
  return undefined
}
