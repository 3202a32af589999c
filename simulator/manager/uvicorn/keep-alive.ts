import { say } from '../say.ts'
import type { Effects } from '../task-queue.ts'
import { STARTUP_FAILURE } from './rules.ts'
import { hasExited, rulesOf, type SupervisorDraft } from './supervisor-state.ts'
import type { SupervisorTask } from './tasks.ts'

/** `process.is_alive()` for the worker of one slot; then the next slot. */
export function isAlive(draft: SupervisorDraft, slot: number, effects: Effects): readonly SupervisorTask[] {
  const pid = draft.slots[slot]
  if (pid === undefined || draft.shouldExit) return []
  const nextSlot: SupervisorTask = { task: 'keep-subprocess-alive', slot: slot + 1 }
  if (hasExited(draft, pid)) return [...killAndJoin(pid, slot), nextSlot]
  effects.push({ type: 'ping', pid })
  return [{ task: 'poll', pid, slot }, nextSlot]
}

/** A worker that has ended, or does not answer the ping, is killed and joined, and replaced. */
export function killAndJoin(pid: number, slot: number): readonly SupervisorTask[] {
  return [
    { task: 'kill', pid },
    { task: 'join', pid },
    { task: 'check-exitcode', pid, slot },
  ]
}

/** Starts a replacement; not when the exit code says that the worker could not start (`process.exitcode == STARTUP_FAILURE`). */
export function checkExitCode(
  draft: SupervisorDraft,
  { pid, slot }: SupervisorTask & { task: 'check-exitcode' },
  effects: Effects,
): readonly SupervisorTask[] {
  const status = draft.exits[pid]
  const code = status !== undefined && 'code' in status ? status.code : undefined
  if (rulesOf(draft).stopsOnBootFailure && code === STARTUP_FAILURE) {
    const text = `Child process [${pid}] failed to start, stopping the parent process.`
    say(draft, effects, 'error', text)
    draft.shouldExit = true
    return []
  }
  say(draft, effects, 'info', 'Child process [', { part: 'pid', pid }, '] died')
  return [{ task: 'start', place: { at: 'slot', slot } }]
}
