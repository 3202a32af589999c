import type { ExitStatus, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import type { Bind, Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { badPort, bindUrl, message, osError, uncaught } from '../say.ts'
import { uvicornInside } from '../versions.ts'
import type { SupervisorRules } from './rules.ts'
import { POLL_MS, STARTUP_FAILURE, supervisorRules } from './rules.ts'
import type { Task } from './tasks.ts'

/** The state of uvicorn's process manager (`uvicorn/supervisors/multiprocess.py`). */
export interface Supervisor {
  readonly settings: Settings
  readonly phase: 'new' | 'binding' | 'running' | 'serving' | 'ended'
  readonly pid: number
  readonly wanted: number
  /** The worker of each place, oldest place first. */
  readonly slots: readonly number[]
  /** A worker that boots beside the one it is to replace. */
  readonly candidate: number | undefined
  readonly forks: number
  readonly ready: readonly number[]
  /** How children ended that the supervisor has not joined yet. */
  readonly exits: Readonly<Record<number, ExitStatus>>
  readonly signals: readonly SignalName[]
  readonly shouldExit: boolean
  readonly todo: readonly Task[]
  /** Whether the timer of the first task has been set. */
  readonly waiting: boolean
}

/** uvicorn's supervisor, or, with one worker, the step to serving alone. */
export function uvicornSupervisor(settings: Settings): Manager<Supervisor> {
  return { initial: newSupervisor(settings), step, handles }
}

function newSupervisor(settings: Settings): Supervisor {
  return {
    settings,
    phase: 'new',
    pid: 0,
    wanted: settings.workers,
    slots: [],
    candidate: undefined,
    forks: 0,
    ready: [],
    exits: {},
    signals: [],
    shouldExit: false,
    todo: [],
    waiting: false,
  }
}

/** uvicorn 0.30 to 0.51: handlers are set once the socket is bound; before that Python's defaults hold. They stay to the end. */
function handles(state: Supervisor, signal: SignalName): boolean {
  return (state.phase === 'running' || state.phase === 'ended') && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['INT', 'TERM', 'HUP', 'QUIT', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

type Draft = { -readonly [K in keyof Supervisor]: Supervisor[K] }

function step(state: Supervisor, event: ManagerEvent): Step<Supervisor, ManagerEffect> {
  if (state.phase === 'ended' || state.phase === 'serving') return { state, effects: [] }
  const draft: Draft = { ...state }
  const effects: ManagerEffect[] = []
  receive(draft, event, effects)
  if (draft.phase === 'running') work(draft, effects)
  return { state: draft, effects }
}

function receive(draft: Draft, event: ManagerEvent, effects: ManagerEffect[]): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      return start(draft, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event, effects)
    case 'forked':
      return forked(draft, event.pid)
    case 'ready':
      draft.ready = [...draft.ready, event.pid]
      return
    case 'exited':
      draft.exits = { ...draft.exits, [event.pid]: event.status }
      return
    case 'signal':
      draft.signals = [...draft.signals, event.signal]
      return
    case 'pong':
      return pong(draft, event.pid, effects)
    case 'timer':
      return timeUp(draft)
  }
}

/** uvicorn: with `--workers 1`, 0 or less there is no supervisor, the process serves itself. */
function start(draft: Draft, effects: ManagerEffect[]): void {
  if (draft.settings.workers <= 1) {
    draft.phase = 'serving'
    effects.push({ type: 'serve' })
    return
  }
  draft.phase = 'binding'
  effects.push({ type: 'bind', binds: draft.settings.binds, backlog: draft.settings.backlog })
}

function bound(draft: Draft, binds: readonly Bind[], effects: ManagerEffect[]): void {
  draft.phase = 'running'
  for (const bind of binds) {
    const address = bindUrl(bind, draft.settings.tls !== undefined)
    say(draft, effects, 'Uvicorn running on ', { part: 'address', text: address }, ' (Press CTRL+C to quit)')
  }
  say(draft, effects, 'Started parent process [', { part: 'parent', pid: draft.pid }, ']')
  effects.push({ type: 'helper' })
  const forks = Array.from({ length: draft.wanted }, (): Task => ({
    task: 'fork',
    place: { at: 'new-slot' },
  }))
  draft.todo = [...forks, { task: 'loop' }]
}

function bindFailed(
  draft: Draft,
  event: ManagerEvent & { type: 'bind-failed' },
  effects: ManagerEffect[],
): void {
  draft.phase = 'ended'
  const text = osError(event.error)
  if (event.error === 'bad-port') {
    for (const record of uncaught(draft.settings.speaks, draft.pid, badPort()))
      effects.push({ type: 'log', record })
    effects.push({ type: 'exit', code: 1 })
    return
  }
  effects.push({ type: 'log', record: message(draft.pid, 'error', [text]) })
  exit(draft, effects, rules(draft).bindFailureCode)
}

function forked(draft: Draft, pid: number): void {
  const task = draft.todo[0]
  if (task?.task !== 'fork') return
  switch (task.place.at) {
    case 'new-slot':
      draft.slots = [...draft.slots, pid]
      break
    case 'slot':
      draft.slots = draft.slots.with(task.place.slot, pid)
      break
    case 'candidate':
      draft.candidate = pid
      break
  }
  next(draft)
}

function pong(draft: Draft, pid: number, effects: ManagerEffect[]): void {
  const task = draft.todo[0]
  if (task?.task !== 'await-pong' || task.pid !== pid) return
  effects.push({ type: 'cancel-timer' })
  next(draft)
}

function timeUp(draft: Draft): void {
  const task = draft.todo[0]
  switch (task?.task) {
    case 'nap':
      return next(draft)
    case 'await-pong':
      return next(draft, ...bury(task.pid, task.slot))
    case 'await-ready':
      return giveUp(draft, task.slot)
  }
}

/** Does one task after the other until one has to wait for an event. */
function work(draft: Draft, effects: ManagerEffect[]): void {
  while (draft.phase === 'running') {
    const task = draft.todo[0]
    if (task === undefined || !perform(draft, task, effects)) return
  }
}

/** Performs the first task; false when it has to wait. */
function perform(draft: Draft, task: Task, effects: ManagerEffect[]): boolean {
  switch (task.task) {
    case 'loop':
      forgetJoined(draft)
      next(draft, ...(draft.shouldExit ? STOP : ROUND))
      return true
    case 'nap':
      return waitFor(draft, effects, POLL_MS)
    case 'take-signals': {
      const taken = draft.signals.map((signal): Task => ({ task: 'handle', signal }))
      draft.signals = []
      next(draft, ...taken)
      return true
    }
    case 'handle':
      handle(draft, task.signal, effects)
      return true
    case 'fork':
      if (draft.waiting) return false
      draft.forks += 1
      draft.waiting = true
      effects.push({ type: 'fork', age: draft.forks })
      return false
    case 'check':
      return check(draft, task.slot, effects)
    case 'await-pong':
      return waitFor(draft, effects, draft.settings.healthcheckTimeout * 1000)
    case 'kill':
      if (!hasExited(draft, task.pid)) effects.push({ type: 'kill', pid: task.pid, signal: 'KILL' })
      next(draft)
      return true
    case 'terminate':
      terminate(draft, task.pid, effects)
      return true
    case 'join':
      say(draft, effects, 'Waiting for child process [', { part: 'pid', pid: task.pid }, ']')
      next(draft, { task: 'await-exit', pid: task.pid })
      return true
    case 'await-exit':
      if (!hasExited(draft, task.pid)) return false
      next(draft)
      return true
    case 'judge':
      judge(draft, task.pid, task.slot, effects)
      return true
    case 'reload-slot':
      reloadSlot(draft, task.slot)
      return true
    case 'await-ready':
      return awaitReady(draft, task.slot, effects)
    case 'settle':
      draft.slots = draft.slots.with(task.slot, task.pid)
      draft.candidate = undefined
      next(draft)
      return true
    case 'abandon-reload':
      abandonReload(draft, task.slot, task.pid, effects)
      return true
    case 'stop':
      stop(draft)
      return true
    case 'end':
      say(draft, effects, 'Stopping parent process [', { part: 'parent', pid: draft.pid }, ']')
      exit(draft, effects, 0)
      return false
  }
}

/** The file of a unix socket goes with the supervisor, whoever made it. */
function exit(draft: Draft, effects: ManagerEffect[], code: number): void {
  draft.phase = 'ended'
  for (const bind of draft.settings.binds)
    if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
  effects.push({ type: 'exit', code })
}

const STOP: readonly Task[] = [{ task: 'stop' }]

/** One round of the main loop: signals first, then `keep_subprocess_alive()`, one worker after the other. */
const ROUND: readonly Task[] = [
  { task: 'nap' },
  { task: 'take-signals' },
  { task: 'check', slot: 0 },
  { task: 'loop' },
]

function handle(draft: Draft, signal: SignalName, effects: ManagerEffect[]): void {
  switch (signal) {
    case 'INT':
    case 'TERM':
      say(draft, effects, `Received SIG${signal}, exiting.`)
      draft.shouldExit = true
      return next(draft)
    case 'HUP':
      say(draft, effects, 'Received SIGHUP, restarting processes.')
      return next(draft, ...draft.slots.map((_, slot): Task => ({ task: 'reload-slot', slot })))
    case 'TTIN':
      say(draft, effects, 'Received SIGTTIN, increasing the number of processes.')
      draft.wanted += 1
      return next(draft, { task: 'fork', place: { at: 'new-slot' } })
    case 'TTOU':
      return decrease(draft, effects)
    default:
      // QUIT, USR1, USR2, WINCH are taken and only logged at level debug.
      effects.push({
        type: 'log',
        record: message(draft.pid, 'debug', [`Received signal ${signal}, but no handler is defined for it.`]),
      })
      return next(draft)
  }
}

/** The newest place goes; the supervisor is blocked until its worker has ended. */
function decrease(draft: Draft, effects: ManagerEffect[]): void {
  say(draft, effects, 'Received SIGTTOU, decreasing number of processes.')
  const newest = draft.slots.at(-1)
  if (draft.wanted <= 1 || newest === undefined) {
    say(draft, effects, 'Already reached one process, cannot decrease the number of processes anymore.')
    return next(draft)
  }
  draft.wanted -= 1
  draft.slots = draft.slots.slice(0, -1)
  next(draft, { task: 'terminate', pid: newest }, { task: 'join', pid: newest })
}

function check(draft: Draft, slot: number, effects: ManagerEffect[]): boolean {
  const pid = draft.slots[slot]
  const after: Task = { task: 'check', slot: slot + 1 }
  if (pid === undefined || draft.shouldExit) {
    next(draft)
  } else if (hasExited(draft, pid)) {
    next(draft, ...bury(pid, slot), after)
  } else {
    effects.push({ type: 'ping', pid })
    next(draft, { task: 'await-pong', pid, slot }, after)
  }
  return true
}

function bury(pid: number, slot: number): readonly Task[] {
  return [
    { task: 'kill', pid },
    { task: 'join', pid },
    { task: 'judge', pid, slot },
  ]
}

function judge(draft: Draft, pid: number, slot: number, effects: ManagerEffect[]): void {
  const status = draft.exits[pid]
  if (
    rules(draft).stopsOnBootFailure &&
    status !== undefined &&
    'code' in status &&
    status.code === STARTUP_FAILURE
  ) {
    const text = `Child process [${pid}] failed to start, stopping the parent process.`
    effects.push({ type: 'log', record: message(draft.pid, 'error', [text]) })
    draft.shouldExit = true
    return next(draft)
  }
  say(draft, effects, 'Child process [', { part: 'pid', pid }, '] died')
  next(draft, { task: 'fork', place: { at: 'slot', slot } })
}

function terminate(draft: Draft, pid: number, effects: ManagerEffect[]): void {
  if (!hasExited(draft, pid)) {
    effects.push({ type: 'kill', pid, signal: 'TERM' })
    say(draft, effects, 'Terminated child process [', { part: 'pid', pid }, ']')
  }
  next(draft)
}

function reloadSlot(draft: Draft, slot: number): void {
  const old = draft.slots[slot]
  if (old === undefined || draft.shouldExit) return next(draft)
  if (rules(draft).reload === 'replace') {
    return next(draft, { task: 'fork', place: { at: 'candidate', slot } }, { task: 'await-ready', slot })
  }
  next(
    draft,
    { task: 'terminate', pid: old },
    { task: 'join', pid: old },
    { task: 'fork', place: { at: 'slot', slot } },
  )
}

function awaitReady(draft: Draft, slot: number, effects: ManagerEffect[]): boolean {
  const fresh = draft.candidate
  const old = draft.slots[slot]
  if (fresh === undefined || old === undefined) {
    next(draft)
    return true
  }
  if (draft.ready.includes(fresh)) {
    effects.push({ type: 'cancel-timer' })
    next(
      draft,
      { task: 'terminate', pid: old },
      { task: 'join', pid: old },
      { task: 'settle', slot, pid: fresh },
    )
    return true
  }
  if (hasExited(draft, fresh)) {
    effects.push({ type: 'cancel-timer' })
    giveUp(draft, slot)
    return true
  }
  return waitFor(draft, effects, draft.settings.healthcheckTimeout * 1000)
}

function giveUp(draft: Draft, slot: number): void {
  const fresh = draft.candidate
  if (fresh === undefined) return next(draft)
  next(
    draft,
    { task: 'kill', pid: fresh },
    { task: 'join', pid: fresh },
    { task: 'abandon-reload', slot, pid: fresh },
  )
}

function abandonReload(draft: Draft, slot: number, pid: number, effects: ManagerEffect[]): void {
  const kept = draft.slots[slot] ?? 0
  const text = `New child process [${pid}] was not ready in time; keeping worker [${kept}] and aborting the restart.`
  effects.push({ type: 'log', record: message(draft.pid, 'error', [text]) })
  draft.candidate = undefined
  next(draft)
  draft.todo = draft.todo.filter((task) => task.task !== 'reload-slot')
}

/** First every worker is told to go, then they are joined in the order of their places. */
function stop(draft: Draft): void {
  const terminations = draft.slots.map((pid): Task => ({ task: 'terminate', pid }))
  const joins = draft.slots.map((pid): Task => ({ task: 'join', pid }))
  next(draft, ...terminations, ...joins, { task: 'end' })
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

/** Children that were joined and belong to no place are of no further interest. */
function forgetJoined(draft: Draft): void {
  const known = new Set(draft.slots)
  draft.ready = draft.ready.filter((pid) => known.has(pid))
  draft.exits = Object.fromEntries(Object.entries(draft.exits).filter(([pid]) => known.has(Number(pid))))
}

function hasExited(draft: Draft, pid: number): boolean {
  return draft.exits[pid] !== undefined
}

function rules(draft: Draft): SupervisorRules {
  return supervisorRules(uvicornInside(draft.settings.speaks))
}

function say(draft: Draft, effects: ManagerEffect[], ...parts: Parameters<typeof message>[2]): void {
  effects.push({ type: 'log', record: message(draft.pid, 'info', parts) })
}
