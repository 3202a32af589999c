import type { WorkerEffect } from '../life.ts'
import { NOTIFY_MS, TICK_MS } from '../rules.ts'
import { type UvicornServerDraft, type UvicornServer, rules, say } from './state.ts'
import { abandon, drain } from './stop.ts'

/** Begins to accept connections, unless it was told to stop meanwhile. */
export function serve(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  draft.phase = 'serving'
  draft.servingSince = draft.now
  if (draft.shouldExit && !rules(draft).stopsTidilyAtStart) return abandon(draft, effects)
  effects.push({ type: 'accept' }, { type: 'ready' })
  if (draft.shouldExit) return drain(draft, effects)
  beat(draft, effects)
  schedule(draft, effects)
}

/** A tick while it serves: checks whether it is to stop. */
export function tickServing(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
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

/** After a request: the last one that `--max-requests` allows ends the worker at its next tick. */
export function limitRequests(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.phase === 'serving' && reachedLimit(draft)) schedule(draft, effects)
}

function reachedLimit(worker: UvicornServer): boolean {
  return worker.maxRequests !== undefined && worker.requests >= worker.maxRequests
}

/** The heartbeat of gunicorn's worker: at once, then at most once a second, when half of `--timeout` is over. */
function beat(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.birth.role !== 'forked' || !beatIsDue(draft)) return
  draft.lastBeat = draft.now
  effects.push({ type: 'heartbeat' })
}

function beatIsDue(worker: UvicornServer): boolean {
  return worker.lastBeat === undefined || worker.now - worker.lastBeat >= beatPeriod(worker)
}

function beatPeriod({ birth }: UvicornServer): number {
  const { gunicorn } = birth.settings
  return Math.max(NOTIFY_MS, Math.ceil(((gunicorn?.timeout ?? 0) * 1000) / 2 / NOTIFY_MS) * NOTIFY_MS)
}

/** Sets the timer to the next tick at which there is something to do; the ticks of 0.1 s before it are skipped. */
export function schedule(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  if (draft.shouldExit || reachedLimit(draft)) {
    const sinceTick = (draft.now - draft.servingSince) % TICK_MS
    effects.push({ type: 'timer', ms: TICK_MS - sinceTick })
  } else if (draft.birth.role === 'forked' && draft.lastBeat !== undefined) {
    // At least 1 ms: with floating-point times the clock could otherwise stay before the heartbeat for ever.
    effects.push({ type: 'timer', ms: Math.max(1, draft.lastBeat + beatPeriod(draft) - draft.now) })
  }
}
