import type { LogLevel, Part } from '../log.ts'
import type { ExitStatus, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { draw } from '../random.ts'
import { badPort, bindUrl, message, uncaught } from '../say.ts'
import type { Bind, Settings } from '../settings.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../signals.ts'
import {
  BIND_ATTEMPTS,
  BIND_PAUSE_MS,
  BOOT_FAILURES,
  FORK_PAUSE_MS,
  SIGNAL_QUEUE,
  SLEEP_MS,
  STOP_POLL_MS,
} from './rules.ts'
import type { Task } from './tasks.ts'

/** A worker as the arbiter knows it. */
export interface Child {
  readonly pid: number
  readonly age: number
  /** When it last said that it lives, in the host's milliseconds. */
  readonly lastUpdate: number
  /** Whether it was told to abort because it was silent for too long. */
  readonly aborted: boolean
  /** It ended because it could not boot: still in the books, but a signal finds nobody. */
  readonly dead: boolean
}

/** The state of gunicorn's process manager. */
export interface Arbiter {
  readonly settings: Settings
  readonly phase: 'new' | 'running' | 'ended'
  readonly pid: number
  readonly now: number
  readonly wanted: number
  readonly children: readonly Child[]
  readonly age: number
  readonly seed: number
  readonly signals: readonly SignalName[]
  /** The pipe of the arbiter is readable: its next sleep ends at once. */
  readonly awake: boolean
  readonly halting: boolean
  readonly todo: readonly Task[]
  readonly waiting: boolean
}

/** gunicorn's arbiter. `seed` decides the random pauses between forks. */
export function gunicornArbiter(settings: Settings, seed: number): Manager<Arbiter> {
  return { initial: newArbiter(settings, seed), step, handles }
}

function newArbiter(settings: Settings, seed: number): Arbiter {
  return {
    settings,
    phase: 'new',
    pid: 0,
    now: 0,
    wanted: settings.workers,
    children: [],
    age: 0,
    seed,
    signals: [],
    awake: false,
    halting: false,
    todo: [],
    waiting: false,
  }
}

/** gunicorn 20.1.0: signals are taken from the first line on and queued. */
function handles(state: Arbiter, signal: SignalName): boolean {
  return state.phase === 'running' && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['HUP', 'QUIT', 'INT', 'TERM', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

type Draft = { -readonly [K in keyof Arbiter]: Arbiter[K] }

function step(state: Arbiter, event: ManagerEvent): Step<Arbiter, ManagerEffect> {
  if (state.phase === 'ended') return { state, effects: [] }
  const draft: Draft = { ...state, now: event.at }
  const effects: ManagerEffect[] = []
  receive(draft, event, effects)
  while (draft.phase === 'running') {
    const task = draft.todo[0]
    if (task === undefined || !perform(draft, task, effects)) break
  }
  return { state: draft, effects }
}

function receive(draft: Draft, event: ManagerEvent, effects: ManagerEffect[]): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      draft.phase = 'running'
      say(draft, effects, 'info', `Starting gunicorn ${draft.settings.speaks.version}`)
      draft.todo = [{ task: 'bind', attempt: 1 }]
      return
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event, effects)
    case 'forked':
      return forked(draft, event.pid)
    case 'exited':
      return reap(draft, event.pid, event.status, effects)
    case 'heartbeat':
      draft.children = draft.children.map((child) =>
        child.pid === event.pid ? { ...child, lastUpdate: event.at } : child,
      )
      return
    case 'signal':
      if (draft.signals.length < SIGNAL_QUEUE) draft.signals = [...draft.signals, event.signal]
      draft.awake = true
      return
    case 'timer':
      return timeUp(draft)
  }
}

function bound(draft: Draft, binds: readonly Bind[], effects: ManagerEffect[]): void {
  const secure = draft.settings.tls !== undefined
  const listeners = binds.map((bind) => (bind.kind === 'unix' ? `unix:${bind.path}` : bindUrl(bind, secure)))
  say(draft, effects, 'info', `Listening at: ${listeners.join(',')} (`, { part: 'pid', pid: draft.pid }, ')')
  say(draft, effects, 'info', `Using worker: ${draft.settings.workerClass ?? 'sync'}`)
  next(draft, { task: 'manage' }, { task: 'loop' })
}

/** gunicorn 20.1.0 `sock.create_sockets`: five attempts, each with its two lines, then it gives up. */
function bindFailed(
  draft: Draft,
  event: ManagerEvent & { type: 'bind-failed' },
  effects: ManagerEffect[],
): void {
  const task = draft.todo[0]
  if (task?.task !== 'bind') return
  if (event.error === 'bad-port') {
    draft.phase = 'ended'
    for (const record of uncaught(draft.settings.speaks, draft.pid, badPort()))
      effects.push({ type: 'log', record })
    effects.push({ type: 'exit', code: 1 })
    return
  }
  const address = pythonAddress(event.bind)
  if (event.error === 'in-use') say(draft, effects, 'error', `Connection in use: ${address}`)
  if (event.error === 'not-available') say(draft, effects, 'error', `Invalid address: ${address}`)
  say(draft, effects, 'error', 'Retrying in 1 second.')
  next(draft, { task: 'pause-before-bind', attempt: task.attempt })
}

/** An address as Python writes it: a tuple for TCP, a plain string for a unix socket. */
function pythonAddress(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return `('${bind.host}', ${bind.port})`
    case 'unix':
      return bind.path
    case 'fd':
      return String(bind.fd)
  }
}

function forked(draft: Draft, pid: number): void {
  if (draft.todo[0]?.task !== 'fork') return
  const child: Child = { pid, age: draft.age, lastUpdate: draft.now, aborted: false, dead: false }
  draft.children = [...draft.children, child]
  next(draft)
}

/**
 * `reap_workers()`: runs in the handler of SIGCHLD, in the middle of whatever the arbiter does.
 * A worker that could not boot stops the server from there, whatever was going on.
 */
function reap(draft: Draft, pid: number, status: ExitStatus, effects: ManagerEffect[]): void {
  draft.awake = true
  const reason = 'code' in status ? BOOT_FAILURES[status.code] : undefined
  if (reason !== undefined && 'code' in status) {
    if (draft.halting) {
      // The original may crash here, or wait for a child that is gone; of six recorded starts four went on like this.
      draft.children = draft.children.filter((child) => child.pid !== pid)
      return
    }
    draft.children = draft.children.map((child) => (child.pid === pid ? { ...child, dead: true } : child))
    draft.halting = true
    effects.push({ type: 'cancel-timer' })
    draft.waiting = false
    draft.todo = [{ task: 'halt', reason, code: status.code }]
    return
  }
  if ('signal' in status) {
    const number = SIGNAL_NUMBERS[status.signal]
    say(
      draft,
      effects,
      'warning',
      'Worker with pid ',
      { part: 'pid', pid },
      ` was terminated due to signal ${number}`,
    )
  }
  draft.children = draft.children.filter((child) => child.pid !== pid)
}

function timeUp(draft: Draft): void {
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
function perform(draft: Draft, task: Task, effects: ManagerEffect[]): boolean {
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
      next(draft)
      return true
    case 'murder':
      murder(draft, effects)
      return true
    case 'manage':
      manage(draft)
      return true
    case 'fork':
      if (draft.waiting) return false
      draft.age += 1
      draft.waiting = true
      effects.push({ type: 'fork', age: draft.age })
      return false
    case 'pause':
      return waitFor(draft, effects, task.ms)
    case 'trim':
      trim(draft, effects)
      return true
    case 'handled':
      draft.awake = true
      next(draft)
      return true
    case 'stop':
      effects.push({ type: 'close-listeners' })
      killAll(draft, task.signal, effects)
      next(
        draft,
        { task: 'await-workers', until: draft.now + (draft.settings.gracefulTimeout ?? 30) * 1000 },
        { task: 'kill-all', signal: 'KILL' },
      )
      return true
    case 'await-workers':
      if (draft.waiting) return false
      if (draft.children.length === 0 || draft.now >= task.until) {
        next(draft)
        return true
      }
      return waitFor(draft, effects, STOP_POLL_MS)
    case 'kill-all':
      killAll(draft, task.signal, effects)
      next(draft)
      return true
    case 'halt':
      next(draft, { task: 'stop', signal: 'TERM' }, { ...task, task: 'farewell' })
      return true
    case 'farewell':
      say(draft, effects, 'info', 'Shutting down: Master')
      if (task.reason !== undefined) say(draft, effects, 'info', `Reason: ${task.reason}`)
      effects.push({ type: 'exit', code: task.code })
      draft.phase = 'ended'
      return false
  }
}

function bind(draft: Draft, attempt: number, effects: ManagerEffect[]): boolean {
  const first = draft.settings.binds[0]
  if (attempt > BIND_ATTEMPTS && first !== undefined) {
    say(draft, effects, 'error', `Can't connect to ${pythonAddress(first)}`)
    effects.push({ type: 'exit', code: 1 })
    draft.phase = 'ended'
    return false
  }
  if (!draft.waiting)
    effects.push({ type: 'bind', binds: draft.settings.binds, backlog: draft.settings.backlog })
  draft.waiting = true
  return false
}

function loop(draft: Draft, effects: ManagerEffect[]): boolean {
  const [signal, ...rest] = draft.signals
  if (signal === undefined) {
    next(draft, { task: 'sleep' }, { task: 'murder' }, { task: 'manage' }, { task: 'loop' })
    return true
  }
  draft.signals = rest
  say(draft, effects, 'info', `Handling signal: ${signal.toLowerCase()}`)
  handle(draft, signal, effects)
  return true
}

function handle(draft: Draft, signal: SignalName, effects: ManagerEffect[]): void {
  const onwards: readonly Task[] = [{ task: 'handled' }, { task: 'loop' }]
  switch (signal) {
    case 'TERM':
      draft.halting = true
      return next(draft, { task: 'halt', code: 0 })
    case 'INT':
    case 'QUIT':
      // The fast stop: SIGQUIT, and then the graceful one finds nobody left.
      draft.halting = true
      return next(draft, { task: 'stop', signal: 'QUIT' }, { task: 'halt', code: 0 })
    case 'HUP': {
      say(draft, effects, 'info', 'Hang up: Master')
      // The settings are read anew: what TTIN and TTOU changed is forgotten.
      draft.wanted = draft.settings.workers
      const forks = Array.from({ length: draft.wanted }, (): Task => ({ task: 'fork' }))
      return next(draft, ...forks, { task: 'manage' }, ...onwards)
    }
    case 'TTIN':
      draft.wanted += 1
      return next(draft, { task: 'manage' }, ...onwards)
    case 'TTOU':
      if (draft.wanted <= 1) return next(draft, ...onwards)
      draft.wanted -= 1
      return next(draft, { task: 'manage' }, ...onwards)
    case 'USR1':
      return next(draft, { task: 'kill-all', signal: 'USR1' }, ...onwards)
    default:
      return next(draft, ...onwards)
  }
}

/** A worker silent for longer than `--timeout` is told to abort, and killed when it is still there the next time. */
function murder(draft: Draft, effects: ManagerEffect[]): void {
  const limit = draft.settings.timeout * 1000
  if (limit > 0) {
    draft.children = draft.children.map((child) => {
      if (draft.now - child.lastUpdate <= limit) return child
      if (child.aborted) {
        effects.push({ type: 'kill', pid: child.pid, signal: 'KILL' })
        return child
      }
      say(draft, effects, 'critical', 'WORKER TIMEOUT (pid:', { part: 'pid', pid: child.pid }, ')')
      effects.push({ type: 'kill', pid: child.pid, signal: 'ABRT' })
      return { ...child, aborted: true }
    })
  }
  next(draft)
}

/** `manage_workers()`: how many are missing is counted once, then they are forked with random pauses. */
function manage(draft: Draft): void {
  const tasks: Task[] = []
  for (let missing = draft.wanted - draft.children.length; missing > 0; missing--) {
    const { value, seed } = draw(draft.seed)
    draft.seed = seed
    tasks.push({ task: 'fork' }, { task: 'pause', ms: Math.round(value * FORK_PAUSE_MS) })
  }
  next(draft, ...tasks, { task: 'trim' })
}

/** gunicorn 20.1.0 tells the oldest again at every turn of its loop, until they are gone. */
function trim(draft: Draft, effects: ManagerEffect[]): void {
  const byAge = draft.children.toSorted((a, b) => a.age - b.age)
  const surplus = Math.max(0, byAge.length - draft.wanted)
  for (const child of byAge.slice(0, surplus)) signalChild(draft, child, 'TERM', effects)
  next(draft)
}

function killAll(draft: Draft, signal: SignalName, effects: ManagerEffect[]): void {
  for (const child of draft.children) signalChild(draft, child, signal, effects)
}

function signalChild(draft: Draft, child: Child, signal: SignalName, effects: ManagerEffect[]): void {
  if (child.dead) draft.children = draft.children.filter((other) => other.pid !== child.pid)
  else effects.push({ type: 'kill', pid: child.pid, signal })
}

/** Leaves the first task behind and puts what follows from it in front of the rest. */
function next(draft: Draft, ...tasks: readonly Task[]): void {
  draft.waiting = false
  draft.todo = [...tasks, ...draft.todo.slice(1)]
}

/** Sets the timer of a waiting task once; the task goes on when its event comes. */
function waitFor(draft: Draft, effects: ManagerEffect[], ms: number): false {
  if (!draft.waiting) effects.push({ type: 'timer', ms })
  draft.waiting = true
  return false
}

function say(draft: Draft, effects: ManagerEffect[], level: LogLevel, ...parts: readonly Part[]): void {
  effects.push({ type: 'log', record: message(draft.pid, level, parts) })
}
