import type { ExitStatus, Manager, ManagerEvent } from '../machine.ts'
import { say } from '../say.ts'
import type { Bind, SettingsOfUvicorn } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import {
  EMPTY_QUEUE,
  continueWith,
  replaceTasks,
  taskManager,
  waitForHost,
  type Draft,
  type Effects,
  type TaskQueue,
} from '../task-queue.ts'
import { bindOrServe, removeSocketFiles, sayBindFailed, sayStarted } from './sockets.ts'

/** The state of uvicorn 0.17.6's manager, which starts workers and ends them, and does not watch them. */
export interface Spawner extends TaskQueue<SpawnerTask> {
  readonly settings: SettingsOfUvicorn
  readonly phase: 'new' | 'binding' | 'running' | 'serving' | 'ended'
  readonly pid: number
  readonly wanted: number
  readonly slots: readonly number[]
  readonly exits: Readonly<Record<number, ExitStatus>>
  /** SIGINT or SIGTERM came; this is never reset. */
  readonly shouldExit: boolean
}

/** Its remaining work: the calls of 0.17.6's `uvicorn/supervisors/multiprocess.py`. */
type SpawnerTask =
  | { readonly task: 'start' }
  /** `should_exit.wait()`, without a timeout. */
  | { readonly task: 'should-exit-wait' }
  /** `shutdown()`: `process.terminate()`, `process.join()`, one worker after the other. */
  | { readonly task: 'terminate'; readonly pid: number }
  | { readonly task: 'join'; readonly pid: number }
  | { readonly task: 'exit' }

/** uvicorn before 0.30 (0.17.6): workers are not watched. With one worker, the process serves alone. */
export function uvicornSpawner(settings: SettingsOfUvicorn): Manager<Spawner> {
  const initial: Spawner = {
    ...EMPTY_QUEUE,
    settings,
    phase: 'new',
    pid: 0,
    wanted: settings.workers,
    slots: [],
    exits: {},
    shouldExit: false,
  }
  return taskManager<Spawner, SpawnerTask>({ initial, receive, perform, handles })
}

/** Other signals take their default action: SIGHUP ends it and leaves the workers behind, SIGTTIN suspends it. */
function handles(state: Spawner, signal: SignalName): boolean {
  return (state.phase === 'running' || state.phase === 'ended') && (signal === 'INT' || signal === 'TERM')
}

function receive(draft: Draft<Spawner>, event: ManagerEvent, effects: Effects): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      return bindOrServe(draft, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      draft.phase = 'ended'
      sayBindFailed(draft, event.error, effects)
      effects.push({ type: 'exit', code: 1 })
      return
    case 'forked':
      draft.slots = [...draft.slots, event.pid]
      return continueWith(draft)
    case 'exited':
      draft.exits = { ...draft.exits, [event.pid]: event.status }
      return
    case 'signal':
      draft.shouldExit = true
      return
  }
}

function bound(draft: Draft<Spawner>, binds: readonly Bind[], effects: Effects): void {
  draft.phase = 'running'
  sayStarted(draft, binds, effects)
  const starts = Array.from({ length: draft.wanted }, (): SpawnerTask => ({ task: 'start' }))
  replaceTasks(draft, ...starts, { task: 'should-exit-wait' })
}

/** Performs the first task; false when it is blocked. */
function perform(draft: Draft<Spawner>, task: SpawnerTask, effects: Effects): boolean {
  switch (task.task) {
    case 'start':
      return waitForHost(draft, effects, { type: 'fork', age: draft.slots.length + 1 })
    case 'should-exit-wait':
      if (!draft.shouldExit) return false
      continueWith(draft, ...draft.slots.map((pid): SpawnerTask => ({ task: 'terminate', pid })), {
        task: 'exit',
      })
      return true
    case 'terminate':
      if (draft.exits[task.pid] === undefined) effects.push({ type: 'kill', pid: task.pid, signal: 'TERM' })
      continueWith(draft, { task: 'join', pid: task.pid })
      return true
    case 'join':
      if (draft.exits[task.pid] === undefined) return false
      continueWith(draft)
      return true
    case 'exit':
      say(draft, effects, 'info', 'Stopping parent process [', { part: 'parent', pid: draft.pid }, ']')
      removeSocketFiles(draft, effects)
      effects.push({ type: 'exit', code: 0 })
      draft.phase = 'ended'
      return false
  }
}
