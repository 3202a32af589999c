import { say } from '../say.ts'
import type { SignalName } from '../signals.ts'
import type { Effects } from '../task-queue.ts'
import { gracefulDeadline, masterName, rulesOf, type Arbiter, type ArbiterDraft } from './arbiter-state.ts'
import type { ArbiterTask } from './tasks.ts'

/** The signals that the master takes from its first line on. */
export function handlesSignal({ phase }: Arbiter, signal: SignalName): boolean {
  return (phase === 'running' || phase === 'ended') && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['HUP', 'QUIT', 'INT', 'TERM', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

/** The handler of a signal does no more than this: the main loop takes it from the queue. */
export function queueSignal(draft: ArbiterDraft, signal: SignalName): void {
  if (draft.signals.length < rulesOf(draft).signalQueue) draft.signals = [...draft.signals, signal]
  draft.awake = true
}

/** `handle_hup()` and the like: what a signal has the arbiter do. */
export function handleSignal(
  draft: ArbiterDraft,
  signal: SignalName,
  effects: Effects,
): readonly ArbiterTask[] {
  say(draft, effects, signal === 'CHLD' ? 'debug' : 'info', `Handling signal: ${signal.toLowerCase()}`)
  switch (signal) {
    case 'CHLD':
      return [{ task: 'reap-workers' }]
    case 'TERM':
      return [{ task: 'halt', code: 0 }]
    case 'INT':
    case 'QUIT':
      // SIGQUIT first, and then the graceful stop for those who are left.
      return [
        { task: 'stop', signal: 'QUIT' },
        { task: 'halt', code: 0 },
      ]
    case 'HUP':
      return reload(draft, effects)
    case 'TTIN':
      draft.wanted += 1
      return [{ task: 'manage-workers' }]
    case 'TTOU':
      if (draft.wanted <= 1) return []
      draft.wanted -= 1
      return [{ task: 'manage-workers' }]
    case 'USR1':
      return [{ task: 'kill-workers', signal: 'USR1' }]
    case 'USR2':
      return mayReexecute(draft, effects) ? [{ task: 'reexec' }] : []
    default:
      return []
  }
}

/** `reload()`: new workers are forked first; that there are too many then ends the old ones. */
function reload(draft: ArbiterDraft, effects: Effects): readonly ArbiterTask[] {
  say(draft, effects, 'info', `Hang up: ${masterName(draft)}`)
  // The settings are read anew: what TTIN and TTOU changed is forgotten.
  draft.wanted = draft.settings.workers
  const forks = Array.from({ length: draft.wanted }, (): ArbiterTask => ({ task: 'spawn-worker' }))
  const wait: ArbiterTask = { task: 'wait-for-old', age: draft.age, until: gracefulDeadline(draft) }
  return [...forks, { task: 'manage-workers' }, ...(rulesOf(draft).reloadWaits ? [wait] : [])]
}

/** SIGUSR2: one second master at a time, and none of a second one. */
function mayReexecute(draft: ArbiterDraft, effects: Effects): boolean {
  if (draft.successor !== undefined) say(draft, effects, 'warning', 'USR2 signal ignored. Child exists.')
  else if (draft.successorOf !== undefined)
    say(draft, effects, 'warning', 'USR2 signal ignored. Parent exists.')
  else return true
  return false
}
