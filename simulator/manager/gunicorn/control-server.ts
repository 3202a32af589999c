import { draw } from '../random.ts'
import { continueWith, waitFor, type Effects } from '../task-queue.ts'
import type { ArbiterDraft } from './arbiter-state.ts'
import { CONTROL_CLOSE_MS } from './rules.ts'

/** A thread opens the control socket. */
export function startControlServer(draft: ArbiterDraft, effects: Effects): void {
  draft.control = 'opening'
  effects.push({ type: 'control-socket' })
}

/** The thread of the control socket is ended before a fork and started again after it. */
export function restartControlServer(draft: ArbiterDraft, effects: Effects): void {
  if (draft.control === 'open') startControlServer(draft, effects)
}

/** Ends the thread of the control socket and waits for it. */
export function stopControlServer(draft: ArbiterDraft, effects: Effects): boolean {
  switch (draft.control) {
    case 'opening':
    case 'closing':
      return false
    case 'open': {
      const { value, seed } = draw(draft.seed)
      draft.seed = seed
      draft.control = 'closing'
      return waitFor(draft, effects, Math.ceil(value * CONTROL_CLOSE_MS))
    }
    case 'closed':
      continueWith(draft)
      return true
  }
}
