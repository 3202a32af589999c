import type { Manager, ManagerEvent } from '../machine.ts'
import { say } from '../say.ts'
import type { Bind, SettingsOfGunicorn } from '../settings.ts'
import {
  continueWith,
  replaceTasks,
  takeSignals,
  taskManager,
  waitFor,
  waitForHost,
  type Effects,
} from '../task-queue.ts'
import { preloadFailed } from './app-failure.ts'
import {
  addChild,
  newArbiter,
  recordHeartbeat,
  rulesOf,
  type Arbiter,
  type ArbiterDraft,
} from './arbiter-state.ts'
import { restartControlServer, startControlServer, stopControlServer } from './control-server.ts'
import { childEnded, reapWorkers } from './reap.ts'
import { BIND_PAUSE_MS, REAP_MS, SLEEP_MS } from './rules.ts'
import { handlesSignal, handleSignal, queueSignal } from './signals.ts'
import { bindFailed, createSockets, sayListening } from './sockets.ts'
import { exit, stop, waitForOld, waitForWorkers } from './stop.ts'
import type { ArbiterTask } from './tasks.ts'
import { killSurplus, killWorkers, manageWorkers, murderWorkers } from './workers.ts'

/** gunicorn's arbiter, 20.1.0 to 26.2.0. `seed` decides the random pauses between forks. */
export function gunicornArbiter(settings: SettingsOfGunicorn, seed: number): Manager<Arbiter> {
  const initial = newArbiter(settings, seed)
  return taskManager<Arbiter, ArbiterTask>({ initial, receive, perform, handles: handlesSignal })
}

function receive(draft: ArbiterDraft, event: ManagerEvent, effects: Effects): void {
  draft.now = event.at
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      draft.successorOf = event.successorOf
      return start(draft, effects)
    case 'preloaded':
      return begin(draft, effects)
    case 'preload-failed':
      draft.phase = 'ended'
      effects.push(...preloadFailed(draft.pid, event.error))
      return
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event.bind, event.error, effects)
    case 'forked':
      if (draft.todo[0]?.task !== 'spawn-worker') return
      addChild(draft, event.pid)
      restartControlServer(draft, effects)
      return continueWith(draft)
    case 'reexecuted':
      draft.successor = event.pid
      restartControlServer(draft, effects)
      return continueWith(draft)
    case 'control-ready':
      draft.control = 'open'
      if (event.path !== undefined) say(draft, effects, 'info', `Control socket listening at ${event.path}`)
      return
    case 'exited':
      return childEnded(draft, event.pid, event.status, effects)
    case 'orphaned':
      draft.orphaned = true
      return
    case 'heartbeat':
      return recordHeartbeat(draft, event.pid)
    case 'signal':
      return queueSignal(draft, event.signal)
    case 'timer':
      return timeUp(draft)
  }
}

/** With `--preload` the application is imported before anything is logged. */
function start(draft: ArbiterDraft, effects: Effects): void {
  if (draft.settings.gunicorn.preload !== true) return begin(draft, effects)
  draft.phase = 'preloading'
  effects.push({ type: 'preload' })
}

function begin(draft: ArbiterDraft, effects: Effects): void {
  draft.phase = 'running'
  say(draft, effects, 'info', `Starting gunicorn ${draft.settings.speaks.version}`)
  replaceTasks(draft, { task: 'create-sockets', attempt: 1 })
}

function bound(draft: ArbiterDraft, binds: readonly Bind[], effects: Effects): void {
  sayListening(draft, binds, effects)
  const control: readonly ArbiterTask[] = rulesOf(draft).controlSocket
    ? [{ task: 'start-control-server' }]
    : []
  continueWith(draft, { task: 'manage-workers' }, ...control, { task: 'run' })
}

function timeUp(draft: ArbiterDraft): void {
  const [task] = draft.todo
  switch (task?.task) {
    case 'sleep':
    case 'wait-for-signals':
    case 'sleep-after-spawn':
      return continueWith(draft)
    case 'sleep-before-bind':
      return continueWith(draft, { task: 'create-sockets', attempt: task.attempt + 1 })
    case 'stop-control-server':
      draft.control = 'closed'
      return continueWith(draft)
    case 'reap-killed':
      return continueWith(draft, { task: 'reap-workers' })
    case 'wait-for-workers':
    case 'wait-for-old':
      // Checked again: the original sleeps in steps of 0.1 s.
      draft.waiting = false
  }
}

/** Performs the first task; false when it is blocked. */
function perform(draft: ArbiterDraft, task: ArbiterTask, effects: Effects): boolean {
  switch (task.task) {
    case 'create-sockets':
      return createSockets(draft, task.attempt, effects)
    case 'sleep-before-bind':
      return waitFor(draft, effects, BIND_PAUSE_MS)
    case 'run':
      continueWith(draft, ...turn(draft, effects))
      return true
    case 'sleep':
      if (!draft.awake) return waitFor(draft, effects, SLEEP_MS)
      draft.awake = false
      effects.push({ type: 'cancel-timer' })
      break
    case 'wakeup':
      draft.awake = true
      break
    case 'wait-for-signals':
      if (draft.signals.length === 0) return waitFor(draft, effects, SLEEP_MS)
      effects.push({ type: 'cancel-timer' })
      break
    case 'handle-signals':
      takeSignals(draft)
      return true
    case 'handle-signal':
      continueWith(draft, ...handleSignal(draft, task.signal, effects))
      return true
    case 'murder-workers':
      murderWorkers(draft, effects)
      break
    case 'manage-workers':
      continueWith(draft, ...manageWorkers(draft))
      return true
    case 'spawn-worker':
      if (draft.control === 'opening') return false
      if (!draft.waiting) draft.age += 1
      return waitForHost(draft, effects, { type: 'fork', age: draft.age })
    case 'reexec':
      if (draft.control === 'opening') return false
      return waitForHost(draft, effects, { type: 'reexec' })
    case 'sleep-after-spawn':
      return waitForHost(draft, effects, { type: 'timer', ms: task.ms, spreads: true })
    case 'kill-surplus':
      killSurplus(draft, effects)
      break
    case 'start-control-server':
      startControlServer(draft, effects)
      break
    case 'stop-control-server':
      return stopControlServer(draft, effects)
    case 'wait-for-old':
      return waitForOld(draft, task, effects)
    case 'reap-killed':
      if (draft.children.length > 0) return waitFor(draft, effects, REAP_MS)
      break
    case 'reap-workers':
      // When one of them stops the server, the queue has been replaced.
      if (reapWorkers(draft, effects)) break
      return draft.phase === 'running'
    case 'stop':
      continueWith(draft, ...stop(draft, task, effects))
      return true
    case 'wait-for-workers':
      return waitForWorkers(draft, task, effects)
    case 'kill-workers':
      killWorkers(draft, task.signal, effects)
      break
    case 'halt':
      draft.halting = task
      continueWith(
        draft,
        { task: 'stop-control-server' },
        { task: 'stop', signal: 'TERM' },
        { ...task, task: 'exit' },
      )
      return true
    case 'exit':
      return exit(draft, task, effects)
  }
  continueWith(draft)
  return true
}

/** One turn of the main loop. */
function turn(draft: ArbiterDraft, effects: Effects): readonly ArbiterTask[] {
  maybePromoteMaster(draft, effects)
  const care: readonly ArbiterTask[] = [
    { task: 'murder-workers' },
    { task: 'manage-workers' },
    { task: 'run' },
  ]
  if (rulesOf(draft).handles === 'all')
    return [{ task: 'wait-for-signals' }, { task: 'handle-signals' }, ...care]
  const [signal, ...others] = draft.signals
  if (signal === undefined) return [{ task: 'sleep' }, ...care]
  draft.signals = others
  return [{ task: 'handle-signal', signal }, { task: 'wakeup' }, { task: 'run' }]
}

/** At each turn of its loop a second master checks whether the first one still lives. */
function maybePromoteMaster(draft: ArbiterDraft, effects: Effects): void {
  if (draft.successorOf === undefined || !draft.orphaned) return
  draft.successorOf = undefined
  say(draft, effects, 'info', 'Master has been promoted.')
}
