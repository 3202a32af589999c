import type { ExitStatus, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { osError } from '../say.ts'
import type { Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'
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
import { draw } from '../random.ts'
import {
  BIND_ATTEMPTS,
  BIND_PAUSE_MS,
  BOOT_FAILURES,
  CONTROL_CLOSE_MS,
  QUICK_STOP_MS,
  REAP_MS,
  SLEEP_MS,
  STOP_POLL_MS,
} from './rules.ts'
import type { Task26 } from './tasks.ts'

/** The state of gunicorn 26.1.0's process manager, whose signals, SIGCHLD among them, wait in a queue for its main loop. */
export interface Arbiter26 extends Books<Task26> {
  readonly signals: readonly SignalName[]
  /** Children that have ended and were not waited for yet, in the order in which they were started. */
  readonly zombies: readonly Zombie[]
  /** What it halts for. A worker that cannot boot while it does is an exception that nobody catches. */
  readonly halting: { readonly reason?: string; readonly code: number } | undefined
  /** The control socket: not there, being opened by a thread, there, or being closed by it. */
  readonly control: 'closed' | 'opening' | 'open' | 'closing'
}

interface Zombie {
  readonly pid: number
  readonly age: number
  readonly status: ExitStatus
}

/** gunicorn 26.1.0's arbiter. `seed` decides the random pauses between forks. */
export function gunicornArbiter26(settings: Settings, seed: number): Manager<Arbiter26> {
  const books = newBooks<Task26>(settings, seed)
  const initial: Arbiter26 = { ...books, signals: [], zombies: [], halting: undefined, control: 'closed' }
  return { initial, step, handles: handlesSignal }
}

type Effects = ManagerEffect[]

function step(state: Arbiter26, event: ManagerEvent): Step<Arbiter26, ManagerEffect> {
  if (state.phase === 'ended') return { state, effects: [] }
  const draft: Draft<Arbiter26> = { ...state, now: event.at }
  const effects: Effects = []
  receive(draft, event, effects)
  while (draft.phase === 'running') {
    const task = draft.todo[0]
    if (task === undefined || !perform(draft, task, effects)) break
  }
  return { state: draft, effects }
}

function receive(draft: Draft<Arbiter26>, event: ManagerEvent, effects: Effects): void {
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
      return next<Task26>(draft, { task: 'manage' }, { task: 'open-control' }, { task: 'loop' })
    case 'bind-failed':
      return bindFailed(draft, event, effects)
    case 'forked':
      if (draft.todo[0]?.task !== 'fork') return
      enter(draft, event.pid)
      return afterFork(draft, effects)
    case 'reexecuted':
      draft.successor = event.pid
      return afterFork(draft, effects)
    case 'control-ready':
      draft.control = 'open'
      if (event.path !== undefined) say(draft, effects, 'info', `Control socket listening at ${event.path}`)
      return
    case 'exited':
      return ended(draft, event.pid, event.status)
    case 'orphaned':
      draft.orphaned = true
      return
    case 'heartbeat':
      return heard(draft, event.pid)
    case 'signal':
      return queue(draft, event.signal)
    case 'timer':
      return timeUp(draft)
  }
}

function begin(draft: Draft<Arbiter26>, effects: Effects): void {
  draft.phase = 'running'
  say(draft, effects, 'info', `Starting gunicorn ${draft.settings.speaks.version}`)
  draft.todo = [{ task: 'bind', attempt: 1 }]
}

/** `sock.create_sockets`: five attempts, each with its two lines, then it gives up. */
function bindFailed(
  draft: Draft<Arbiter26>,
  event: ManagerEvent & { type: 'bind-failed' },
  effects: Effects,
): void {
  const task = draft.todo[0]
  if (task?.task !== 'bind' || bindFailedForGood(draft, event, effects)) return
  const address = pythonAddress(event.bind)
  if (event.error === 'in-use') say(draft, effects, 'error', `Connection in use: ${address}`)
  if (event.error === 'not-available') say(draft, effects, 'error', `Invalid address: ${address}`)
  say(draft, effects, 'error', `connection to ${address} failed: ${osError(event.error)}`)
  say(draft, effects, 'debug', 'Retrying in 1 second.')
  next(draft, { task: 'pause-before-bind', attempt: task.attempt })
}

/** The thread of the control socket is ended before a fork and started again after it. */
function afterFork(draft: Draft<Arbiter26>, effects: Effects): void {
  if (draft.control === 'open') openControl(draft, effects)
  next(draft)
}

function openControl(draft: Draft<Arbiter26>, effects: Effects): void {
  draft.control = 'opening'
  effects.push({ type: 'control-socket' })
}

/** A child has ended: it waits to be reaped, and SIGCHLD waits in the queue. */
function ended(draft: Draft<Arbiter26>, pid: number, status: ExitStatus): void {
  const age = draft.children.find((child) => child.pid === pid)?.age ?? 0
  draft.zombies = [...draft.zombies, { pid, age, status }].toSorted((a, b) => a.age - b.age)
  queue(draft, 'CHLD')
}

function queue(draft: Draft<Arbiter26>, signal: SignalName): void {
  draft.signals = [...draft.signals, signal]
}

function timeUp(draft: Draft<Arbiter26>): void {
  const task = draft.todo[0]
  switch (task?.task) {
    case 'wait-for-signals':
    case 'pause':
      return next(draft)
    case 'pause-before-bind':
      return next(draft, { task: 'bind', attempt: task.attempt + 1 })
    case 'await-control':
      draft.control = 'closed'
      return next(draft)
    case 'reap-soon':
      return next(draft, { task: 'reap' })
    case 'await-workers':
    case 'await-old':
      // Looked at again: the original sleeps in steps of 0.1 s.
      draft.waiting = false
  }
}

/** Performs the first task; false when it has to wait. */
function perform(draft: Draft<Arbiter26>, task: Task26, effects: Effects): boolean {
  switch (task.task) {
    case 'bind':
      return bind(draft, task.attempt, effects)
    case 'pause-before-bind':
      return waitFor(draft, effects, BIND_PAUSE_MS)
    case 'loop':
      promote(draft, effects)
      next(
        draft,
        { task: 'wait-for-signals' },
        { task: 'take-signals' },
        { task: 'murder' },
        { task: 'manage' },
        { task: 'loop' },
      )
      return true
    case 'wait-for-signals':
      if (draft.signals.length === 0) return waitFor(draft, effects, SLEEP_MS)
      effects.push({ type: 'cancel-timer' })
      break
    case 'take-signals': {
      const taken = draft.signals.map((signal): Task26 => ({ task: 'handle', signal }))
      draft.signals = []
      next(draft, ...taken)
      return true
    }
    case 'handle':
      say(
        draft,
        effects,
        task.signal === 'CHLD' ? 'debug' : 'info',
        `Handling signal: ${task.signal.toLowerCase()}`,
      )
      next(draft, ...handle(draft, task.signal, effects))
      return true
    case 'murder':
      murder(draft, effects)
      break
    case 'manage':
      next(draft, ...hiring(draft))
      return true
    case 'fork':
      return draft.control === 'opening' ? false : fork(draft, effects)
    case 'reexec':
      if (draft.control === 'opening') return false
      if (!draft.waiting) effects.push({ type: 'reexec' })
      draft.waiting = true
      return false
    case 'pause':
      return spread(draft, effects, task.ms)
    case 'trim':
      trim(draft, effects)
      break
    case 'open-control':
      openControl(draft, effects)
      break
    case 'await-control':
      return awaitControl(draft, effects)
    case 'await-old':
      return awaitOld(draft, task, effects)
    case 'reap-soon':
      if (draft.children.length > 0) return waitFor(draft, effects, REAP_MS)
      break
    case 'reap':
      // When one of them stops the server, there are other things to do.
      if (reap(draft, effects)) break
      return draft.phase === 'running'
    case 'stop': {
      closeSockets(draft, effects)
      killAll(draft, task.signal, effects)
      const until = draft.now + (draft.settings.gracefulTimeout ?? 30) * 1000
      const quick = task.signal === 'QUIT'
      next(
        draft,
        { task: 'await-workers', until, quick },
        { task: 'kill-all', signal: 'KILL' },
        { task: 'reap-soon' },
      )
      return true
    }
    case 'await-workers':
      return awaitWorkers(draft, task, effects)
    case 'kill-all':
      killAll(draft, task.signal, effects)
      break
    case 'halt':
      draft.halting = task
      next(draft, { task: 'await-control' }, { task: 'stop', signal: 'TERM' }, { ...task, task: 'farewell' })
      return true
    case 'farewell':
      return farewell(draft, task, effects)
  }
  next(draft)
  return true
}

function bind(draft: Draft<Arbiter26>, attempt: number, effects: Effects): boolean {
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

/** The thread is told to end, and waited for. */
function awaitControl(draft: Draft<Arbiter26>, effects: Effects): boolean {
  switch (draft.control) {
    case 'opening':
      return false
    case 'open': {
      const { value, seed } = draw(draft.seed)
      draft.seed = seed
      draft.control = 'closing'
      return waitFor(draft, effects, Math.ceil(value * CONTROL_CLOSE_MS))
    }
    case 'closing':
      return false
    case 'closed':
      next(draft)
      return true
  }
}

/** After SIGHUP nothing else is done until the old workers have gone, for the graceful timeout at most. */
function awaitOld(draft: Draft<Arbiter26>, task: Task26 & { task: 'await-old' }, effects: Effects): boolean {
  if (draft.waiting) return false
  const isOld = draft.children.some((child) => child.age <= task.age)
  if (!isOld || draft.now >= task.until) {
    next(draft)
    return true
  }
  if (!reap(draft, effects)) return draft.phase === 'running'
  return waitFor(draft, effects, STOP_POLL_MS)
}

/** One look at those who are to go: a second SIGINT makes it quick. */
function awaitWorkers(
  draft: Draft<Arbiter26>,
  task: Task26 & { task: 'await-workers' },
  effects: Effects,
): boolean {
  if (draft.waiting) return false
  if (draft.children.length === 0 || draft.now >= task.until) {
    next(draft)
    return true
  }
  if (!task.quick) {
    const [signal, ...others] = draft.signals
    draft.signals = others
    if (signal === 'INT' || signal === 'QUIT') {
      say(draft, effects, 'info', 'Quick shutdown requested')
      killAll(draft, 'QUIT', effects)
      draft.todo = [{ ...task, quick: true, until: draft.now + QUICK_STOP_MS }, ...draft.todo.slice(1)]
    }
  }
  if (!reap(draft, effects)) return draft.phase === 'running'
  return waitFor(draft, effects, STOP_POLL_MS)
}

/** `reap_workers()`. False: one of them stops the server, and what was being done is not gone on with. */
function reap(draft: Draft<Arbiter26>, effects: Effects): boolean {
  for (let zombie = draft.zombies[0]; zombie !== undefined; zombie = draft.zombies[0]) {
    draft.zombies = draft.zombies.slice(1)
    const { pid, status } = zombie
    if (pid === draft.successor) {
      draft.successor = undefined
      continue
    }
    sayEnded(draft, pid, status, effects)
    const reason = 'code' in status ? BOOT_FAILURES[status.code] : undefined
    if (reason !== undefined && 'code' in status) {
      halt(draft, pid, { reason, code: status.code }, effects)
      return false
    }
    strike(draft, pid)
  }
  return true
}

function sayEnded(draft: Draft<Arbiter26>, pid: number, status: ExitStatus, effects: Effects): void {
  const worker = ['Worker (pid:', { part: 'pid', pid } as const] as const
  if ('code' in status) {
    if (status.code !== 0) say(draft, effects, 'error', ...worker, `) exited with code ${status.code}.`)
    return
  }
  const { signal } = status
  if (signal === 'KILL') say(draft, effects, 'error', ...worker, ') was sent SIGKILL! Perhaps out of memory?')
  else say(draft, effects, signal === 'TERM' ? 'info' : 'warning', ...worker, `) was sent SIG${signal}!`)
}

/** The exception `HaltServer`: caught by the main loop, but not while that loop's end is being handled. */
function halt(
  draft: Draft<Arbiter26>,
  pid: number,
  failure: { readonly reason: string; readonly code: number },
  effects: Effects,
): void {
  if (draft.halting !== undefined) return haltedTwice(draft, draft.halting, failure, effects)
  draft.children = draft.children.map((child) => (child.pid === pid ? { ...child, dead: true } : child))
  draft.waiting = false
  draft.todo = [{ task: 'halt', ...failure }]
}

/** A failure is spoken of as one. */
function farewell(
  draft: Draft<Arbiter26>,
  { reason, code }: Task26 & { task: 'farewell' },
  effects: Effects,
): false {
  const level = code === 0 ? 'info' : 'error'
  say(draft, effects, level, `Shutting down: ${masterName(draft)}`)
  if (reason !== undefined) say(draft, effects, level, `Reason: ${reason}`)
  effects.push({ type: 'exit', code })
  draft.phase = 'ended'
  return false
}

/** What a signal has the arbiter do. */
function handle(draft: Draft<Arbiter26>, signal: SignalName, effects: Effects): readonly Task26[] {
  switch (signal) {
    case 'CHLD':
      return [{ task: 'reap' }]
    case 'TERM':
      return [{ task: 'halt', code: 0 }]
    case 'INT':
    case 'QUIT':
      // SIGQUIT first, and then the graceful stop for those who are left.
      return [
        { task: 'stop', signal: 'QUIT' },
        { task: 'halt', code: 0 },
      ]
    case 'HUP': {
      say(draft, effects, 'info', `Hang up: ${masterName(draft)}`)
      // The settings are read anew: what TTIN and TTOU changed is forgotten.
      draft.wanted = draft.settings.workers
      const forks = Array.from({ length: draft.wanted }, (): Task26 => ({ task: 'fork' }))
      const until = draft.now + (draft.settings.gracefulTimeout ?? 30) * 1000
      return [...forks, { task: 'manage' }, { task: 'await-old', age: draft.age, until }]
    }
    case 'TTIN':
      draft.wanted += 1
      return [{ task: 'manage' }]
    case 'TTOU':
      if (draft.wanted <= 1) return []
      draft.wanted -= 1
      return [{ task: 'manage' }]
    case 'USR1':
      return [{ task: 'kill-all', signal: 'USR1' }]
    case 'USR2':
      return mayReexecute(draft, effects) ? [{ task: 'reexec' }] : []
    default:
      return []
  }
}
