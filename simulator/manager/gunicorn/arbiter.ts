import type { ExitStatus, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../signals.ts'
import type { Settings } from '../settings.ts'
import {
  bindEffect,
  bindFailedForGood,
  closeSockets,
  enter,
  fork,
  haltedTwice,
  handlesSignal,
  heard,
  hiring,
  killAll,
  masterName,
  mayReexecute,
  murder,
  newBooks,
  next,
  preloadFailed,
  promote,
  pythonAddress,
  say,
  sayListening,
  spread,
  start,
  strike,
  trim,
  waitFor,
  type Books,
  type Draft,
} from './books.ts'
import { BIND_ATTEMPTS, BIND_PAUSE_MS, BOOT_FAILURES, SIGNAL_QUEUE, SLEEP_MS, STOP_POLL_MS } from './rules.ts'
import type { Task } from './tasks.ts'

/** The state of gunicorn 20.1.0's process manager, which reaps its children wherever it stands: in the handler of SIGCHLD. */
export interface Arbiter extends Books<Task> {
  readonly signals: readonly SignalName[]
  /** The pipe of the arbiter is readable: its next sleep ends at once. */
  readonly awake: boolean
  /** What it halts for. A worker that cannot boot while it does is an exception that nobody catches. */
  readonly halting: { readonly reason?: string; readonly code: number } | undefined
}

/** gunicorn 20.1.0's arbiter. `seed` decides the random pauses between forks. */
export function gunicornArbiter(settings: Settings, seed: number): Manager<Arbiter> {
  const initial: Arbiter = {
    ...newBooks<Task>(settings, seed),
    signals: [],
    awake: false,
    halting: undefined,
  }
  return { initial, step, handles: handlesSignal }
}

type Effects = ManagerEffect[]

function step(state: Arbiter, event: ManagerEvent): Step<Arbiter, ManagerEffect> {
  if (state.phase === 'ended') return { state, effects: [] }
  const draft: Draft<Arbiter> = { ...state, now: event.at }
  const effects: Effects = []
  receive(draft, event, effects)
  while (draft.phase === 'running') {
    const task = draft.todo[0]
    if (task === undefined || !perform(draft, task, effects)) break
  }
  return { state: draft, effects }
}

function receive(draft: Draft<Arbiter>, event: ManagerEvent, effects: Effects): void {
  switch (event.type) {
    case 'start':
      if (start(draft, event, effects) === 'begin') begin(draft, effects)
      return
    case 'preloaded':
      return begin(draft, effects)
    case 'preload-failed':
      return preloadFailed(draft, event, effects)
    case 'bound':
      sayListening(draft, event.binds, effects)
      return next<Task>(draft, { task: 'manage' }, { task: 'loop' })
    case 'bind-failed':
      return bindFailed(draft, event, effects)
    case 'forked':
      if (draft.todo[0]?.task !== 'fork') return
      enter(draft, event.pid)
      return next(draft)
    case 'reexecuted':
      draft.successor = event.pid
      return next(draft)
    case 'exited':
      return reap(draft, event.pid, event.status, effects)
    case 'orphaned':
      draft.orphaned = true
      return
    case 'heartbeat':
      return heard(draft, event.pid)
    case 'signal':
      if (draft.signals.length < SIGNAL_QUEUE) draft.signals = [...draft.signals, event.signal]
      draft.awake = true
      return
    case 'timer':
      return timeUp(draft)
  }
}

function begin(draft: Draft<Arbiter>, effects: Effects): void {
  draft.phase = 'running'
  say(draft, effects, 'info', `Starting gunicorn ${draft.settings.speaks.version}`)
  draft.todo = [{ task: 'bind', attempt: 1 }]
}

/** `sock.create_sockets`: five attempts, each with its two lines, then it gives up. */
function bindFailed(
  draft: Draft<Arbiter>,
  event: ManagerEvent & { type: 'bind-failed' },
  effects: Effects,
): void {
  const task = draft.todo[0]
  if (task?.task !== 'bind' || bindFailedForGood(draft, event, effects)) return
  const address = pythonAddress(event.bind)
  if (event.error === 'in-use') say(draft, effects, 'error', `Connection in use: ${address}`)
  if (event.error === 'not-available') say(draft, effects, 'error', `Invalid address: ${address}`)
  say(draft, effects, 'error', 'Retrying in 1 second.')
  next(draft, { task: 'pause-before-bind', attempt: task.attempt })
}

/**
 * `reap_workers()`: runs in the handler of SIGCHLD, in the middle of whatever the arbiter does.
 * A worker that could not boot stops the server from there, whatever was going on.
 */
function reap(draft: Draft<Arbiter>, pid: number, status: ExitStatus, effects: Effects): void {
  draft.awake = true
  if (pid === draft.successor) {
    draft.successor = undefined
    return
  }
  const reason = 'code' in status ? BOOT_FAILURES[status.code] : undefined
  if (reason !== undefined && 'code' in status)
    return halt(draft, pid, { reason, code: status.code }, effects)
  if ('signal' in status) {
    const ended = ` was terminated due to signal ${SIGNAL_NUMBERS[status.signal]}`
    say(draft, effects, 'warning', 'Worker with pid ', { part: 'pid', pid }, ended)
  }
  strike(draft, pid)
}

/** The exception `HaltServer`: caught by the main loop, but not while that loop's end is being handled. */
function halt(
  draft: Draft<Arbiter>,
  pid: number,
  failure: { readonly reason: string; readonly code: number },
  effects: Effects,
): void {
  effects.push({ type: 'cancel-timer' })
  if (draft.halting !== undefined) return haltedTwice(draft, draft.halting, failure, effects)
  draft.children = draft.children.map((child) => (child.pid === pid ? { ...child, dead: true } : child))
  draft.waiting = false
  draft.todo = [{ task: 'halt', ...failure }]
}

function timeUp(draft: Draft<Arbiter>): void {
  const task = draft.todo[0]
  switch (task?.task) {
    case 'sleep':
    case 'pause':
      return next(draft)
    case 'pause-before-bind':
      return next(draft, { task: 'bind', attempt: task.attempt + 1 })
    case 'await-workers':
      // Looked at again: the original sleeps in steps of 0.1 s.
      draft.waiting = false
  }
}

/** Performs the first task; false when it has to wait. */
function perform(draft: Draft<Arbiter>, task: Task, effects: Effects): boolean {
  switch (task.task) {
    case 'bind':
      return bind(draft, task.attempt, effects)
    case 'pause-before-bind':
      return waitFor(draft, effects, BIND_PAUSE_MS)
    case 'loop':
      return loop(draft, effects)
    case 'sleep':
      if (!draft.awake) return waitFor(draft, effects, SLEEP_MS)
      draft.awake = false
      effects.push({ type: 'cancel-timer' })
      break
    case 'murder':
      murder(draft, effects)
      break
    case 'manage':
      next(draft, ...hiring(draft))
      return true
    case 'fork':
      return fork(draft, effects)
    case 'pause':
      return spread(draft, effects, task.ms)
    case 'trim':
      trim(draft, effects)
      break
    case 'reexec':
      if (!draft.waiting) effects.push({ type: 'reexec' })
      draft.waiting = true
      return false
    case 'handled':
      draft.awake = true
      break
    case 'stop':
      closeSockets(draft, effects)
      killAll(draft, task.signal, effects)
      next(
        draft,
        { task: 'await-workers', until: draft.now + (draft.settings.gracefulTimeout ?? 30) * 1000 },
        { task: 'kill-all', signal: 'KILL' },
      )
      return true
    case 'await-workers':
      if (draft.waiting) return false
      if (draft.children.length > 0 && draft.now < task.until) return waitFor(draft, effects, STOP_POLL_MS)
      break
    case 'kill-all':
      killAll(draft, task.signal, effects)
      break
    case 'halt':
      draft.halting = task
      next(draft, { task: 'stop', signal: 'TERM' }, { ...task, task: 'farewell' })
      return true
    case 'farewell':
      say(draft, effects, 'info', `Shutting down: ${masterName(draft)}`)
      if (task.reason !== undefined) say(draft, effects, 'info', `Reason: ${task.reason}`)
      effects.push({ type: 'exit', code: task.code })
      draft.phase = 'ended'
      return false
  }
  next(draft)
  return true
}

function bind(draft: Draft<Arbiter>, attempt: number, effects: Effects): boolean {
  const first = draft.settings.binds[0]
  if (attempt > BIND_ATTEMPTS && first !== undefined) {
    say(draft, effects, 'error', `Can't connect to ${pythonAddress(first)}`)
    effects.push({ type: 'exit', code: 1 })
    draft.phase = 'ended'
    return false
  }
  if (!draft.waiting) effects.push(bindEffect(draft))
  draft.waiting = true
  return false
}

function loop(draft: Draft<Arbiter>, effects: Effects): boolean {
  promote(draft, effects)
  const [signal, ...rest] = draft.signals
  if (signal === undefined) {
    next(draft, { task: 'sleep' }, { task: 'murder' }, { task: 'manage' }, { task: 'loop' })
    return true
  }
  draft.signals = rest
  say(draft, effects, 'info', `Handling signal: ${signal.toLowerCase()}`)
  next(draft, ...handle(draft, signal, effects))
  return true
}

const ONWARDS: readonly Task[] = [{ task: 'handled' }, { task: 'loop' }]

/** What a signal has the arbiter do. */
function handle(draft: Draft<Arbiter>, signal: SignalName, effects: Effects): readonly Task[] {
  switch (signal) {
    case 'TERM':
      return [{ task: 'halt', code: 0 }]
    case 'INT':
    case 'QUIT':
      // The fast stop: SIGQUIT, and then the graceful one finds nobody left.
      return [
        { task: 'stop', signal: 'QUIT' },
        { task: 'halt', code: 0 },
      ]
    case 'HUP': {
      say(draft, effects, 'info', `Hang up: ${masterName(draft)}`)
      // The settings are read anew: what TTIN and TTOU changed is forgotten.
      draft.wanted = draft.settings.workers
      const forks = Array.from({ length: draft.wanted }, (): Task => ({ task: 'fork' }))
      return [...forks, { task: 'manage' }, ...ONWARDS]
    }
    case 'TTIN':
      draft.wanted += 1
      return [{ task: 'manage' }, ...ONWARDS]
    case 'TTOU':
      if (draft.wanted <= 1) return ONWARDS
      draft.wanted -= 1
      return [{ task: 'manage' }, ...ONWARDS]
    case 'USR1':
      return [{ task: 'kill-all', signal: 'USR1' }, ...ONWARDS]
    case 'USR2':
      return mayReexecute(draft, effects) ? [{ task: 'reexec' }, ...ONWARDS] : ONWARDS
    default:
      return ONWARDS
  }
}
