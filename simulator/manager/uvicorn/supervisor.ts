import type { BindError, Manager, ManagerEvent } from '../machine.ts'
import { say } from '../say.ts'
import type { Bind } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import {
  continueWith,
  replaceTasks,
  takeSignals,
  taskManager,
  waitFor,
  waitForHost,
  type Effects,
} from '../task-queue.ts'
import { checkExitCode, isAlive, killAndJoin } from './keep-alive.ts'
import { abortRestart, giveUpNewWorker, restart, waitUntilReady } from './restart.ts'
import { POLL_MS } from './rules.ts'
import { bindOrServe, removeSocketFiles, sayBindFailed, sayStarted } from './sockets.ts'
import {
  forgetJoined,
  hasExited,
  newSupervisor,
  rulesOf,
  type Supervisor,
  type SupervisorDraft,
} from './supervisor-state.ts'
import type { SupervisorTask } from './tasks.ts'

/** uvicorn's supervisor; with one worker, the process serves alone. */
export function uvicornSupervisor(settings: Supervisor['settings']): Manager<Supervisor> {
  return taskManager<Supervisor, SupervisorTask>({
    initial: newSupervisor(settings),
    receive,
    perform,
    handles,
  })
}

/** uvicorn 0.30 to 0.54 sets its handlers once the socket is bound, and keeps them to the end; before that Python's defaults hold. */
function handles(state: Supervisor, signal: SignalName): boolean {
  return (state.phase === 'running' || state.phase === 'ended') && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['INT', 'TERM', 'HUP', 'QUIT', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

function receive(draft: SupervisorDraft, event: ManagerEvent, effects: Effects): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      return bindOrServe(draft, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event.error, effects)
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

function bound(draft: SupervisorDraft, binds: readonly Bind[], effects: Effects): void {
  draft.phase = 'running'
  sayStarted(draft, binds, effects)
  const starts = Array.from({ length: draft.wanted }, (): SupervisorTask => ({
    task: 'start',
    place: { at: 'new-slot' },
  }))
  replaceTasks(draft, ...starts, { task: 'run' })
}

function bindFailed(draft: SupervisorDraft, error: BindError, effects: Effects): void {
  sayBindFailed(draft, error, effects)
  if (error !== 'bad-port') return exit(draft, effects, rulesOf(draft).bindFailureCode)
  draft.phase = 'ended'
  effects.push({ type: 'exit', code: 1 })
}

function forked(draft: SupervisorDraft, pid: number): void {
  const [task] = draft.todo
  if (task?.task !== 'start') return
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
  continueWith(draft)
}

function pong(draft: SupervisorDraft, pid: number, effects: Effects): void {
  const [task] = draft.todo
  if (task?.task !== 'poll' || task.pid !== pid) return
  effects.push({ type: 'cancel-timer' })
  continueWith(draft)
}

function timeUp(draft: SupervisorDraft): void {
  const [task] = draft.todo
  switch (task?.task) {
    case 'should-exit-wait':
      return continueWith(draft)
    case 'poll':
      return continueWith(draft, ...killAndJoin(task.pid, task.slot))
    case 'wait-until-ready':
      return giveUpNewWorker(draft, task.slot)
  }
}

/** Performs the first task; false when it is blocked. */
function perform(draft: SupervisorDraft, task: SupervisorTask, effects: Effects): boolean {
  switch (task.task) {
    case 'run':
      forgetJoined(draft)
      continueWith(draft, ...(draft.shouldExit ? STOP : TURN))
      return true
    case 'should-exit-wait':
      return waitFor(draft, effects, POLL_MS)
    case 'handle-signals':
      takeSignals(draft)
      return true
    case 'handle-signal':
      continueWith(draft, ...handleSignal(draft, task.signal, effects))
      return true
    case 'start':
      if (!draft.waiting) draft.forks += 1
      return waitForHost(draft, effects, { type: 'fork', age: draft.forks })
    case 'keep-subprocess-alive':
      continueWith(draft, ...isAlive(draft, task.slot, effects))
      return true
    case 'poll':
      return waitFor(draft, effects, draft.settings.uvicorn.healthcheckTimeout * 1000)
    case 'check-exitcode':
      continueWith(draft, ...checkExitCode(draft, task, effects))
      return true
    case 'kill':
      if (!hasExited(draft, task.pid)) effects.push({ type: 'kill', pid: task.pid, signal: 'KILL' })
      break
    case 'terminate':
      if (hasExited(draft, task.pid)) break
      effects.push({ type: 'kill', pid: task.pid, signal: 'TERM' })
      say(draft, effects, 'info', 'Terminated child process [', { part: 'pid', pid: task.pid }, ']')
      break
    case 'join':
      if (!draft.waiting)
        say(draft, effects, 'info', 'Waiting for child process [', { part: 'pid', pid: task.pid }, ']')
      draft.waiting = true
      if (!hasExited(draft, task.pid)) return false
      break
    case 'restart':
      continueWith(draft, ...restart(draft, task.slot))
      return true
    case 'wait-until-ready':
      return waitUntilReady(draft, task.slot, effects)
    case 'replace':
      draft.slots = draft.slots.with(task.slot, task.pid)
      draft.candidate = undefined
      break
    case 'abort-restart':
      abortRestart(draft, task, effects)
      return true
    case 'terminate-all':
      continueWith(
        draft,
        ...draft.slots.map((pid): SupervisorTask => ({ task: 'terminate', pid })),
        ...draft.slots.map((pid): SupervisorTask => ({ task: 'join', pid })),
        { task: 'exit' },
      )
      return true
    case 'exit':
      say(draft, effects, 'info', 'Stopping parent process [', { part: 'parent', pid: draft.pid }, ']')
      exit(draft, effects, 0)
      return false
  }
  continueWith(draft)
  return true
}

/** One turn of the main loop: signals first, then the workers, one after the other. */
const TURN: readonly SupervisorTask[] = [
  { task: 'should-exit-wait' },
  { task: 'handle-signals' },
  { task: 'keep-subprocess-alive', slot: 0 },
  { task: 'run' },
]

const STOP: readonly SupervisorTask[] = [{ task: 'terminate-all' }]

function exit(draft: SupervisorDraft, effects: Effects, code: number): void {
  draft.phase = 'ended'
  removeSocketFiles(draft, effects)
  effects.push({ type: 'exit', code })
}

/** The supervisor's reaction to a signal. */
function handleSignal(
  draft: SupervisorDraft,
  signal: SignalName,
  effects: Effects,
): readonly SupervisorTask[] {
  switch (signal) {
    case 'INT':
    case 'TERM':
      say(draft, effects, 'info', `Received SIG${signal}, exiting.`)
      draft.shouldExit = true
      return []
    case 'HUP':
      say(draft, effects, 'info', 'Received SIGHUP, restarting processes.')
      return draft.slots.map((_, slot): SupervisorTask => ({ task: 'restart', slot }))
    case 'TTIN':
      say(draft, effects, 'info', 'Received SIGTTIN, increasing the number of processes.')
      draft.wanted += 1
      return [{ task: 'start', place: { at: 'new-slot' } }]
    case 'TTOU':
      return decrease(draft, effects)
    default: {
      // QUIT, USR1, USR2 and WINCH are caught, and only logged at level debug.
      const text = `Received signal ${signal}, but no handler is defined for it.`
      say(draft, effects, 'debug', text)
      return []
    }
  }
}

/** Removes the newest slot; the supervisor is blocked until its worker has ended. */
function decrease(draft: SupervisorDraft, effects: Effects): readonly SupervisorTask[] {
  say(draft, effects, 'info', 'Received SIGTTOU, decreasing number of processes.')
  const newest = draft.slots.at(-1)
  if (draft.wanted <= 1 || newest === undefined) {
    const text = 'Already reached one process, cannot decrease the number of processes anymore.'
    say(draft, effects, 'info', text)
    return []
  }
  draft.wanted -= 1
  draft.slots = draft.slots.slice(0, -1)
  return [
    { task: 'terminate', pid: newest },
    { task: 'join', pid: newest },
  ]
}
