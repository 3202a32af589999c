import { say } from '../say.ts'
import { continueWith, waitFor, type Effects } from '../task-queue.ts'
import { hasExited, rulesOf, type SupervisorDraft } from './supervisor-state.ts'
import type { SupervisorTask } from './tasks.ts'

/** `restart_all()` for one slot: the new worker is ready before the old one is stopped; in older versions the old one is stopped first. */
export function restart(draft: SupervisorDraft, slot: number): readonly SupervisorTask[] {
  const old = draft.slots[slot]
  if (old === undefined || draft.shouldExit) return []
  if (rulesOf(draft).reload === 'replace') {
    return [
      { task: 'start', place: { at: 'candidate', slot } },
      { task: 'wait-until-ready', slot },
    ]
  }
  return [
    { task: 'terminate', pid: old },
    { task: 'join', pid: old },
    { task: 'start', place: { at: 'slot', slot } },
  ]
}

/** Blocked until the new worker is ready, has ended, or the time is up. */
export function waitUntilReady(draft: SupervisorDraft, slot: number, effects: Effects): boolean {
  const fresh = draft.candidate
  const old = draft.slots[slot]
  if (fresh === undefined || old === undefined) {
    continueWith(draft)
    return true
  }
  if (draft.ready.includes(fresh)) {
    effects.push({ type: 'cancel-timer' })
    continueWith(
      draft,
      { task: 'terminate', pid: old },
      { task: 'join', pid: old },
      { task: 'replace', slot, pid: fresh },
    )
    return true
  }
  if (hasExited(draft, fresh)) {
    effects.push({ type: 'cancel-timer' })
    giveUpNewWorker(draft, slot)
    return true
  }
  return waitFor(draft, effects, draft.settings.uvicorn.healthcheckTimeout * 1000)
}

/** The new worker did not become ready in time: it is killed, and the old one stays. */
export function giveUpNewWorker(draft: SupervisorDraft, slot: number): void {
  const fresh = draft.candidate
  if (fresh === undefined) return continueWith(draft)
  continueWith(
    draft,
    { task: 'kill', pid: fresh },
    { task: 'join', pid: fresh },
    { task: 'abort-restart', slot, pid: fresh },
  )
}

/** The slots that were not restarted yet keep their workers. */
export function abortRestart(
  draft: SupervisorDraft,
  { slot, pid }: SupervisorTask & { task: 'abort-restart' },
  effects: Effects,
): void {
  const kept = draft.slots[slot] ?? 0
  const text = `New child process [${pid}] was not ready in time; keeping worker [${kept}] and aborting the restart.`
  say(draft, effects, 'error', text)
  draft.candidate = undefined
  continueWith(draft)
  draft.todo = draft.todo.filter(({ task }) => task !== 'restart')
}
