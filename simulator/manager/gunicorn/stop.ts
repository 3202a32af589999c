import { say } from '../say.ts'
import { continueWith, waitFor, type Effects } from '../task-queue.ts'
import { gracefulDeadline, masterName, rulesOf, type ArbiterDraft } from './arbiter-state.ts'
import { reapWorkers } from './reap.ts'
import { QUICK_STOP_MS, STOP_POLL_MS } from './rules.ts'
import { closeSockets } from './sockets.ts'
import type { ArbiterTask } from './tasks.ts'
import { killWorkers } from './workers.ts'

/** `stop()`: closes the sockets, signals the workers, waits for them until the graceful timeout, and kills the rest. */
export function stop(
  draft: ArbiterDraft,
  { signal }: ArbiterTask & { task: 'stop' },
  effects: Effects,
): readonly ArbiterTask[] {
  closeSockets(draft, effects)
  killWorkers(draft, signal, effects)
  return [
    { task: 'wait-for-workers', until: gracefulDeadline(draft), quick: signal === 'QUIT' },
    { task: 'kill-workers', signal: 'KILL' },
    ...(rulesOf(draft).reapsKilled ? [{ task: 'reap-killed' } as const] : []),
  ]
}

/** Checks which workers of a stop are still there. */
export function waitForWorkers(
  draft: ArbiterDraft,
  task: ArbiterTask & { task: 'wait-for-workers' },
  effects: Effects,
): boolean {
  if (draft.waiting) return false
  if (draft.children.length === 0 || draft.now >= task.until) {
    continueWith(draft)
    return true
  }
  if (rulesOf(draft).hurries && !task.quick) hurry(draft, task, effects)
  if (!reapWorkers(draft, effects)) return draft.phase === 'running'
  return waitFor(draft, effects, STOP_POLL_MS)
}

/** A second SIGINT makes the stop quick. */
function hurry(
  draft: ArbiterDraft,
  task: ArbiterTask & { task: 'wait-for-workers' },
  effects: Effects,
): void {
  const [signal, ...others] = draft.signals
  draft.signals = others
  if (signal !== 'INT' && signal !== 'QUIT') return
  say(draft, effects, 'info', 'Quick shutdown requested')
  killWorkers(draft, 'QUIT', effects)
  draft.todo = [{ ...task, quick: true, until: draft.now + QUICK_STOP_MS }, ...draft.todo.slice(1)]
}

/** After SIGHUP the arbiter is blocked until the old workers are gone, for the graceful timeout at most. */
export function waitForOld(
  draft: ArbiterDraft,
  { age, until }: ArbiterTask & { task: 'wait-for-old' },
  effects: Effects,
): boolean {
  if (draft.waiting) return false
  if (draft.now >= until || draft.children.every((child) => child.age > age)) {
    continueWith(draft)
    return true
  }
  if (!reapWorkers(draft, effects)) return draft.phase === 'running'
  return waitFor(draft, effects, STOP_POLL_MS)
}

/** Logs the last lines and ends the program. */
export function exit(
  draft: ArbiterDraft,
  { reason, code }: ArbiterTask & { task: 'exit' },
  effects: Effects,
): false {
  const level = code === 0 ? 'info' : rulesOf(draft).failureLevel
  say(draft, effects, level, `Shutting down: ${masterName(draft)}`)
  if (reason !== undefined) say(draft, effects, level, `Reason: ${reason}`)
  effects.push({ type: 'exit', code })
  draft.phase = 'ended'
  return false
}
