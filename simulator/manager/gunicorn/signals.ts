import { say } from '../say.ts'
import type { SignalName } from '../signals.ts'
import type { Effects } from '../task-queue.ts'
import { gracefulDeadline, masterName, rulesOf, type Arbiter, type ArbiterDraft } from './arbiter-state.ts'
import type { ArbiterTask } from './tasks.ts'

/** The master has handlers for these signals from its first log line on. */
export function handlesSignal({ phase }: Arbiter, signal: SignalName): boolean {
  return (phase === 'running' || phase === 'ended') && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['HUP', 'QUIT', 'INT', 'TERM', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

/** The signal handler only queues the signal; the main loop handles it. */
export function queueSignal(draft: ArbiterDraft, signal: SignalName): void {
  if (draft.signals.length < rulesOf(draft).signalQueue) draft.signals = [...draft.signals, signal]
  draft.awake = true
}

/** `handle_hup()` and the like: the arbiter's reaction to a signal. */
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
      // SIGQUIT first, then a graceful stop for the workers that are left.
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

/** `reload()`: forks new workers first; the surplus is what ends the old ones. */
function reload(draft: ArbiterDraft, effects: Effects): readonly ArbiterTask[] {
  say(draft, effects, 'info', `Hang up: ${masterName(draft)}`)
  // The settings are read again: changes by TTIN and TTOU are lost.
  draft.wanted = draft.settings.workers
  const forks = Array.from({ length: draft.wanted }, (): ArbiterTask => ({ task: 'spawn-worker' }))
  const wait: ArbiterTask = { task: 'wait-for-old', age: draft.age, until: gracefulDeadline(draft) }
  return [...forks, { task: 'manage-workers' }, ...(rulesOf(draft).reloadWaits ? [wait] : [])]
}

/** Whether SIGUSR2 may start a second master: not while there is one, and not from a second master. */
function mayReexecute(draft: ArbiterDraft, effects: Effects): boolean {
  if (draft.successor !== undefined) say(draft, effects, 'warning', 'USR2 signal ignored. Child exists.')
  else if (draft.successorOf !== undefined)
    say(draft, effects, 'warning', 'USR2 signal ignored. Parent exists.')
  else return true
  return false
}
