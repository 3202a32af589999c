import type { BindError, Manager, ManagerEvent } from '../machine.ts'
import { say } from '../say.ts'
import type { Bind, Reload, SettingsOfFastapi, SettingsOfUvicorn } from '../settings.ts'
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
import { uvicornInside } from '../versions.ts'
import { reloaderRules, supervisorRules, type ReloaderRules } from './rules.ts'
import { sayBindFailed, sayRunning } from './sockets.ts'

/** The state of uvicorn's reloader: one worker, which is restarted when a file changes. */
export interface Reloader extends TaskQueue<ReloaderTask> {
  readonly settings: SettingsOfFastapi | SettingsOfUvicorn
  readonly reload: Reload
  readonly phase: 'new' | 'binding' | 'running' | 'ended'
  readonly pid: number
  readonly worker: number | undefined
  readonly forks: number
  /** Files that changed while the worker was being replaced. The original forgets them. */
  readonly changed: readonly string[]
  /** SIGINT or SIGTERM came; this is never reset. */
  readonly shouldExit: boolean
}

/** Its remaining work: the calls of `uvicorn/supervisors/basereload.py`. */
type ReloaderTask =
  | { readonly task: 'start' }
  /** `for changes in self`: until files change, or a signal comes. */
  | { readonly task: 'should-restart' }
  | { readonly task: 'terminate' }
  | { readonly task: 'join' }
  | { readonly task: 'exit' }

/** `uvicorn --reload`, and `fastapi dev`: 0.17.6 to 0.54.0. */
export function uvicornReloader(settings: Reloader['settings'], reload: Reload): Manager<Reloader> {
  const initial: Reloader = {
    ...EMPTY_QUEUE,
    settings,
    reload,
    phase: 'new',
    pid: 0,
    worker: undefined,
    forks: 0,
    changed: [],
    shouldExit: false,
  }
  return taskManager<Reloader, ReloaderTask>({ initial, receive, perform, handles })
}

/** The handlers are set when the socket is bound. Other signals take their default action. */
function handles({ phase }: Reloader, signal: SignalName): boolean {
  return (phase === 'running' || phase === 'ended') && (signal === 'INT' || signal === 'TERM')
}

function receive(draft: Draft<Reloader>, event: ManagerEvent, effects: Effects): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      return begin(draft, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event.error, effects)
    case 'forked':
      draft.worker = event.pid
      return continueWith(draft)
    case 'changed':
      draft.changed = [...draft.changed, ...event.files]
      return
    case 'exited':
      // A worker that ends by itself is not replaced until a file changes.
      if (event.pid === draft.worker) draft.worker = undefined
      return
    case 'signal':
      draft.shouldExit = true
      return
  }
}

function begin(draft: Draft<Reloader>, effects: Effects): void {
  draft.phase = 'binding'
  const { binds, backlog, workers } = draft.settings
  const dirs = draft.reload.dirs.map((dir) => `'${dir}'`).join(', ')
  say(draft, effects, 'info', `Will watch for changes in these directories: [${dirs}]`)
  if (workers > 1 && rules(draft).warnsOfWorkers)
    say(draft, effects, 'warning', '"workers" flag is ignored when reloading is enabled.')
  effects.push({ type: 'bind', binds, backlog })
}

function bound(draft: Draft<Reloader>, binds: readonly Bind[], effects: Effects): void {
  draft.phase = 'running'
  const { reload, pid } = draft
  sayRunning(draft, binds, effects)
  const name = { part: 'reloader', text: rules(draft).name(reload.reloader) } as const
  say(draft, effects, 'info', 'Started reloader process [', { part: 'parent', pid }, '] using ', name)
  effects.push({ type: 'helper' }, { type: 'watch', reload })
  replaceTasks(draft, { task: 'start' }, { task: 'should-restart' })
}

function bindFailed(draft: Draft<Reloader>, error: BindError, effects: Effects): void {
  draft.phase = 'ended'
  sayBindFailed(draft, error, effects)
  const { bindFailureCode } = supervisorRules(uvicornInside(draft.settings.speaks))
  effects.push({ type: 'exit', code: error === 'bad-port' ? 1 : bindFailureCode })
}

/** Performs the first task; false when it is blocked. */
function perform(draft: Draft<Reloader>, task: ReloaderTask, effects: Effects): boolean {
  switch (task.task) {
    case 'start':
      // A signal came while the last worker was being ended.
      if (draft.shouldExit && !draft.waiting) break
      if (!draft.waiting) draft.forks += 1
      return waitForHost(draft, effects, { type: 'fork', age: draft.forks })
    case 'should-restart':
      return shouldRestart(draft, effects)
    case 'terminate':
      if (draft.worker !== undefined) effects.push({ type: 'kill', pid: draft.worker, signal: 'TERM' })
      break
    case 'join':
      if (draft.worker !== undefined) return false
      break
    case 'exit':
      draft.phase = 'ended'
      effects.push({ type: 'close-listeners' })
      say(draft, effects, 'info', 'Stopping reloader process [', { part: 'parent', pid: draft.pid }, ']')
      effects.push({ type: 'exit', code: 0 })
      return false
  }
  continueWith(draft)
  return true
}

function shouldRestart(draft: Draft<Reloader>, effects: Effects): boolean {
  const { changed, reload, shouldExit } = draft
  if (shouldExit) {
    continueWith(draft, ...END_WORKER, { task: 'exit' })
    return true
  }
  if (changed.length === 0) return false
  say(draft, effects, 'warning', rules(draft).changed(reload.reloader, changed))
  draft.changed = []
  continueWith(draft, ...END_WORKER, { task: 'start' }, { task: 'should-restart' })
  return true
}

const END_WORKER: readonly ReloaderTask[] = [{ task: 'terminate' }, { task: 'join' }]

function rules({ settings }: Draft<Reloader>): ReloaderRules {
  return reloaderRules(uvicornInside(settings.speaks))
}
