import type { Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { badPort, bindUrl, message, osError, uncaught } from '../say.ts'
import type { Bind, Reload, Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { uvicornInside } from '../versions.ts'
import type { ReloaderRules, SupervisorRules } from './rules.ts'
import { reloaderRules, supervisorRules } from './rules.ts'

/** The state of uvicorn's reloader (`uvicorn/supervisors/basereload.py`): one worker, which is started anew when a file changes. */
export interface Reloader {
  readonly settings: Settings
  readonly reload: Reload
  readonly phase: 'new' | 'binding' | 'running' | 'ended'
  readonly pid: number
  readonly worker: number | undefined
  readonly forks: number
  /** What it waits for the end of the worker for. */
  readonly waits: 'no' | 'to-restart' | 'to-stop'
  /** Files that changed while the worker was being exchanged. The original forgets them. */
  readonly changed: readonly string[]
}

/** `uvicorn --reload`, and `fastapi dev`: 0.17.6 to 0.51.0. */
export function uvicornReloader(settings: Settings & { readonly reload: Reload }): Manager<Reloader> {
  const initial: Reloader = {
    settings,
    reload: settings.reload,
    phase: 'new',
    pid: 0,
    worker: undefined,
    forks: 0,
    waits: 'no',
    changed: [],
  }
  return { initial, step, handles }
}

/** Set when the socket is bound. All others take their default action. */
function handles({ phase }: Reloader, signal: SignalName): boolean {
  return (phase === 'running' || phase === 'ended') && (signal === 'INT' || signal === 'TERM')
}

type Draft = { -readonly [K in keyof Reloader]: Reloader[K] }
type Effects = ManagerEffect[]

function step(state: Reloader, event: ManagerEvent): Step<Reloader, ManagerEffect> {
  if (state.phase === 'ended') return { state, effects: [] }
  const draft: Draft = { ...state }
  const effects: Effects = []
  receive(draft, event, effects)
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
      draft.worker = event.pid
      return
    case 'changed':
      draft.changed = [...draft.changed, ...event.files]
      return restart(draft, effects)
    case 'exited':
      return exited(draft, event.pid, effects)
    case 'signal':
      draft.changed = []
      return endWorker(draft, 'to-stop', effects)
  }
}

function begin(draft: Draft, effects: Effects): void {
  draft.phase = 'binding'
  const { binds, backlog, workers } = draft.settings
  const dirs = draft.reload.dirs.map((dir) => `'${dir}'`).join(', ')
  say(draft, effects, `Will watch for changes in these directories: [${dirs}]`)
  if (workers > 1 && rules(draft).warnsOfWorkers) {
    warn(draft, effects, '"workers" flag is ignored when reloading is enabled.')
  }
  effects.push({ type: 'bind', binds, backlog })
}

function bound(draft: Draft, binds: readonly Bind[], effects: Effects): void {
  draft.phase = 'running'
  const { settings, reload, pid } = draft
  for (const bind of binds) {
    const text = bindUrl(bind, settings.tls !== undefined)
    say(draft, effects, 'Uvicorn running on ', { part: 'address', text }, ' (Press CTRL+C to quit)')
  }
  const name = rules(draft).name(reload.reloader)
  say(draft, effects, 'Started reloader process [', { part: 'parent', pid }, '] using ', {
    part: 'reloader',
    text: name,
  })
  effects.push({ type: 'helper' }, { type: 'watch', reload })
  fork(draft, effects)
}

function bindFailed(draft: Draft, event: ManagerEvent & { type: 'bind-failed' }, effects: Effects): void {
  draft.phase = 'ended'
  const { settings, pid } = draft
  const badly = event.error === 'bad-port'
  const records = badly
    ? uncaught(settings.speaks, pid, badPort())
    : [message(pid, 'error', [osError(event.error)])]
  for (const record of records) effects.push({ type: 'log', record })
  effects.push({ type: 'exit', code: badly ? 1 : bindRules(draft).bindFailureCode })
}

/** A worker that has ended by itself stays away until a file changes. */
function exited(draft: Draft, pid: number, effects: Effects): void {
  if (pid !== draft.worker) return
  draft.worker = undefined
  const { waits } = draft
  draft.waits = 'no'
  if (waits === 'to-restart') {
    fork(draft, effects)
    return restart(draft, effects)
  }
  if (waits === 'to-stop') stop(draft, effects)
}

function restart(draft: Draft, effects: Effects): void {
  if (draft.waits !== 'no' || draft.changed.length === 0) return
  warn(draft, effects, rules(draft).changed(draft.reload.reloader, draft.changed))
  draft.changed = []
  endWorker(draft, 'to-restart', effects)
}

function endWorker(draft: Draft, waits: Draft['waits'], effects: Effects): void {
  const told = draft.waits !== 'no'
  draft.waits = waits
  if (draft.worker !== undefined) {
    if (!told) effects.push({ type: 'kill', pid: draft.worker, signal: 'TERM' })
    return
  }
  draft.waits = 'no'
  if (waits === 'to-stop') return stop(draft, effects)
  fork(draft, effects)
}

function fork(draft: Draft, effects: Effects): void {
  draft.forks += 1
  effects.push({ type: 'fork', age: draft.forks })
}

function stop(draft: Draft, effects: Effects): void {
  draft.phase = 'ended'
  effects.push({ type: 'close-listeners' })
  say(draft, effects, 'Stopping reloader process [', { part: 'parent', pid: draft.pid }, ']')
  effects.push({ type: 'exit', code: 0 })
}

function rules({ settings }: Draft): ReloaderRules {
  return reloaderRules(uvicornInside(settings.speaks))
}

function bindRules({ settings }: Draft): SupervisorRules {
  return supervisorRules(uvicornInside(settings.speaks))
}

function say(draft: Draft, effects: Effects, ...parts: Parameters<typeof message>[2]): void {
  effects.push({ type: 'log', record: message(draft.pid, 'info', parts) })
}

function warn(draft: Draft, effects: Effects, text: string): void {
  effects.push({ type: 'log', record: message(draft.pid, 'warning', [text]) })
}
