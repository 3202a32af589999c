import type { ExitStatus } from '../machine.ts'
import { say } from '../say.ts'
import { replaceTasks, type Effects } from '../task-queue.ts'
import { removeChild, rulesOf, updateChild, type ArbiterDraft, type Halt } from './arbiter-state.ts'
import { BOOT_FAILURES } from './rules.ts'
import { queueSignal } from './signals.ts'

/** A child has ended: 20.1.0 reaps it at once, in the signal handler; 26.1.0 when the main loop takes SIGCHLD from its queue. */
export function childEnded(draft: ArbiterDraft, pid: number, status: ExitStatus, effects: Effects): void {
  if (rulesOf(draft).reaps === 'in-handler') {
    draft.awake = true
    reap(draft, pid, status, effects)
    return
  }
  const age = draft.children.find((child) => child.pid === pid)?.age ?? 0
  draft.zombies = [...draft.zombies, { pid, age, status }].toSorted((a, b) => a.age - b.age)
  queueSignal(draft, 'CHLD')
}

/** `reap_workers()`. Returns false when a worker's exit code stops the server; the caller then does not go on with its work. */
export function reapWorkers(draft: ArbiterDraft, effects: Effects): boolean {
  for (let zombie = draft.zombies[0]; zombie !== undefined; zombie = draft.zombies[0]) {
    draft.zombies = draft.zombies.slice(1)
    if (!reap(draft, zombie.pid, zombie.status, effects)) return false
  }
  return true
}

/** Returns false when the worker could not boot, which stops the server from here, whatever was going on. */
function reap(draft: ArbiterDraft, pid: number, status: ExitStatus, effects: Effects): boolean {
  if (pid === draft.successor) {
    draft.successor = undefined
    return true
  }
  const ended = rulesOf(draft).ended(pid, status)
  if (ended !== undefined) say(draft, effects, ...ended)
  const reason = 'code' in status ? BOOT_FAILURES[status.code] : undefined
  if (reason !== undefined && 'code' in status) {
    haltServer(draft, pid, { reason, code: status.code }, effects)
    return false
  }
  removeChild(draft, pid)
  return true
}

/** The exception `HaltServer`: the main loop catches it, except while an earlier one is being handled. */
function haltServer(
  draft: ArbiterDraft,
  pid: number,
  failure: Halt & { readonly reason: string },
  effects: Effects,
): void {
  if (rulesOf(draft).reaps === 'in-handler') effects.push({ type: 'cancel-timer' })
  if (draft.halting !== undefined) return haltedTwice(draft, draft.halting, failure, effects)
  updateChild(draft, pid, { dead: true })
  replaceTasks(draft, { task: 'halt', ...failure })
}

/** An exception that was raised while another one was handled, and that nothing catches. */
function haltedTwice(
  draft: ArbiterDraft,
  first: Halt,
  second: Halt & { readonly reason: string },
  effects: Effects,
): void {
  draft.phase = 'ended'
  const frames: readonly string[] = []
  const during =
    first.reason === undefined
      ? { name: 'StopIteration', message: '', frames }
      : { ...exception(first.reason, first.code), frames }
  const raised = { ...exception(second.reason, second.code), frames, during }
  effects.push({ type: 'log', record: { kind: 'traceback', pid: draft.pid, raised } })
  effects.push({ type: 'exit', code: 1 })
}

function exception(reason: string, code: number) {
  return { name: 'gunicorn.errors.HaltServer', message: `<HaltServer '${reason}' ${code}>` }
}
