import type { ExitStatus, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { badPort, bindUrl, message, osError, uncaught } from '../say.ts'
import type { Bind, Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'

/** The state of uvicorn 0.17.6's manager, which starts workers and ends them, and else looks at nothing. */
export interface Spawner {
  readonly settings: Settings
  readonly phase: 'new' | 'binding' | 'running' | 'serving' | 'ended'
  readonly pid: number
  readonly wanted: number
  readonly slots: readonly number[]
  readonly exits: Readonly<Record<number, ExitStatus>>
  /** SIGINT or SIGTERM came: nothing takes that back. */
  readonly shouldExit: boolean
  readonly todo: readonly SpawnerTask[]
  readonly waiting: boolean
}

/** What it still has to do, next first. */
type SpawnerTask =
  | { readonly task: 'fork' }
  /** `should_exit.wait()`, without end. */
  | { readonly task: 'await-signal' }
  /** `process.terminate()`, `process.join()`: one worker after the other. */
  | { readonly task: 'terminate'; readonly pid: number }
  | { readonly task: 'await-exit'; readonly pid: number }
  | { readonly task: 'end' }

/** uvicorn before 0.30 (0.17.6): no supervision. With one worker, the step to serving alone. */
export function uvicornSpawner(settings: Settings): Manager<Spawner> {
  const initial: Spawner = {
    settings,
    phase: 'new',
    pid: 0,
    wanted: settings.workers,
    slots: [],
    exits: {},
    shouldExit: false,
    todo: [],
    waiting: false,
  }
  return { initial, step, handles }
}

/** All others take their default action: SIGHUP ends it and leaves the workers behind, SIGTTIN suspends it. */
function handles(state: Spawner, signal: SignalName): boolean {
  return (state.phase === 'running' || state.phase === 'ended') && (signal === 'INT' || signal === 'TERM')
}

type Draft = { -readonly [K in keyof Spawner]: Spawner[K] }
type Effects = ManagerEffect[]

function step(state: Spawner, event: ManagerEvent): Step<Spawner, ManagerEffect> {
  if (state.phase === 'ended' || state.phase === 'serving') return { state, effects: [] }
  const draft: Draft = { ...state }
  const effects: Effects = []
  receive(draft, event, effects)
  while (draft.phase === 'running') {
    const task = draft.todo[0]
    if (task === undefined || !perform(draft, task, effects)) break
  }
  return { state: draft, effects }
}

function receive(draft: Draft, event: ManagerEvent, effects: Effects): void {
  switch (event.type) {
    case 'start':
      draft.pid = event.pid
      return begin(draft, effects)
    case 'bound':
      return bound(draft, event.binds, effects)
    case 'bind-failed':
      return bindFailed(draft, event, effects)
    case 'forked':
      draft.slots = [...draft.slots, event.pid]
      return next(draft)
    case 'exited':
      draft.exits = { ...draft.exits, [event.pid]: event.status }
      return
    case 'signal':
      draft.shouldExit = true
      return
  }
}

function begin(draft: Draft, effects: Effects): void {
  if (draft.settings.workers <= 1) {
    draft.phase = 'serving'
    effects.push({ type: 'serve' })
    return
  }
  draft.phase = 'binding'
  effects.push({ type: 'bind', binds: draft.settings.binds, backlog: draft.settings.backlog })
}

function bound(draft: Draft, binds: readonly Bind[], effects: Effects): void {
  draft.phase = 'running'
  for (const bind of binds) {
    const text = bindUrl(bind, draft.settings.tls !== undefined)
    say(draft, effects, 'Uvicorn running on ', { part: 'address', text }, ' (Press CTRL+C to quit)')
  }
  say(draft, effects, 'Started parent process [', { part: 'parent', pid: draft.pid }, ']')
  effects.push({ type: 'helper' })
  const forks = Array.from({ length: draft.wanted }, (): SpawnerTask => ({ task: 'fork' }))
  draft.todo = [...forks, { task: 'await-signal' }]
}

function bindFailed(draft: Draft, event: ManagerEvent & { type: 'bind-failed' }, effects: Effects): void {
  draft.phase = 'ended'
  const { settings, pid } = draft
  const records =
    event.error === 'bad-port'
      ? uncaught(settings.speaks, pid, badPort())
      : [message(pid, 'error', [osError(event.error)])]
  for (const record of records) effects.push({ type: 'log', record })
  effects.push({ type: 'exit', code: 1 })
}

/** Performs the first task; false when it has to wait. */
function perform(draft: Draft, task: SpawnerTask, effects: Effects): boolean {
  switch (task.task) {
    case 'fork':
      if (!draft.waiting) effects.push({ type: 'fork', age: draft.slots.length + 1 })
      draft.waiting = true
      return false
    case 'await-signal':
      if (!draft.shouldExit) return false
      next(draft, ...draft.slots.map((pid): SpawnerTask => ({ task: 'terminate', pid })), { task: 'end' })
      return true
    case 'terminate':
      if (draft.exits[task.pid] === undefined) effects.push({ type: 'kill', pid: task.pid, signal: 'TERM' })
      next(draft, { task: 'await-exit', pid: task.pid })
      return true
    case 'await-exit':
      if (draft.exits[task.pid] === undefined) return false
      next(draft)
      return true
    case 'end':
      say(draft, effects, 'Stopping parent process [', { part: 'parent', pid: draft.pid }, ']')
      for (const bind of draft.settings.binds)
        if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
      effects.push({ type: 'exit', code: 0 })
      draft.phase = 'ended'
      return false
  }
}

/** Leaves the first task behind and puts what follows from it in front of the rest. */
function next(draft: Draft, ...tasks: readonly SpawnerTask[]): void {
  draft.waiting = false
  draft.todo = [...tasks, ...draft.todo.slice(1)]
}

function say(draft: Draft, effects: Effects, ...parts: Parameters<typeof message>[2]): void {
  effects.push({ type: 'log', record: message(draft.pid, 'info', parts) })
}
