import { draw } from '../random.ts'
import { say } from '../say.ts'
import type { SignalName } from '../signals.ts'
import type { Effects } from '../task-queue.ts'
import { removeChild, updateChild, type ArbiterDraft, type ArbiterChild } from './arbiter-state.ts'
import { FORK_PAUSE_MS } from './rules.ts'
import type { ArbiterTask } from './tasks.ts'

/** `manage_workers()`: counts the missing workers once, forks them with random pauses, then ends the surplus. */
export function manageWorkers(draft: ArbiterDraft): readonly ArbiterTask[] {
  const tasks: ArbiterTask[] = []
  for (let missing = draft.wanted - draft.children.length; missing > 0; missing--) {
    const { value, seed } = draw(draft.seed)
    draft.seed = seed
    tasks.push({ task: 'spawn-worker' }, { task: 'sleep-after-spawn', ms: Math.round(value * FORK_PAUSE_MS) })
  }
  return [...tasks, { task: 'kill-surplus' }]
}

/** gunicorn signals the oldest surplus workers again at every turn of its loop, until they are gone. */
export function killSurplus(draft: ArbiterDraft, effects: Effects): void {
  const byAge = draft.children.toSorted((a, b) => a.age - b.age)
  const surplus = Math.max(0, byAge.length - draft.wanted)
  for (const child of byAge.slice(0, surplus)) killWorker(draft, child, 'TERM', effects)
}

/** A worker without a heartbeat for longer than `--timeout` gets SIGABRT, and SIGKILL when it is still there at the next check. */
export function murderWorkers(draft: ArbiterDraft, effects: Effects): void {
  const limit = draft.settings.gunicorn.timeout * 1000
  if (limit <= 0) return
  for (const child of draft.children) {
    if (draft.now - child.lastUpdate <= limit) continue
    if (child.aborted) {
      killWorker(draft, child, 'KILL', effects)
      continue
    }
    say(draft, effects, 'critical', 'WORKER TIMEOUT (pid:', { part: 'pid', pid: child.pid }, ')')
    updateChild(draft, child.pid, { aborted: true })
    killWorker(draft, child, 'ABRT', effects)
  }
}

/** Sends a signal to every worker. */
export function killWorkers(draft: ArbiterDraft, signal: SignalName, effects: Effects): void {
  for (const child of draft.children) killWorker(draft, child, signal, effects)
}

function killWorker(draft: ArbiterDraft, child: ArbiterChild, signal: SignalName, effects: Effects): void {
  if (child.dead) removeChild(draft, child.pid)
  else effects.push({ type: 'kill', pid: child.pid, signal })
}
