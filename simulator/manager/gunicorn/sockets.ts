import type { BindError } from '../machine.ts'
import { bindUrl, osError, pythonAddress, say, uncaught } from '../say.ts'
import type { Bind } from '../settings.ts'
import { continueWith, waitForHost, type Effects } from '../task-queue.ts'
import { rulesOf, type ArbiterDraft } from './arbiter-state.ts'
import { BIND_ATTEMPTS } from './rules.ts'

/**
 * `sock.create_sockets`: tries five times, then gives up. A second master takes over the sockets of the first. The files of TLS are checked
 * before anything is bound.
 */
export function createSockets(draft: ArbiterDraft, attempt: number, effects: Effects): false {
  const { binds, backlog, tls } = draft.settings
  const [first] = binds
  if (attempt > BIND_ATTEMPTS && first !== undefined) {
    say(draft, effects, 'error', `Can't connect to ${pythonAddress(first)}`)
    effects.push({ type: 'exit', code: 1 })
    draft.phase = 'ended'
    return false
  }
  const bind = { type: 'bind', binds, backlog, replacesFile: true } as const
  const inherited = draft.successorOf !== undefined
  return waitForHost(
    draft,
    effects,
    inherited ? { ...bind, inherited } : tls === undefined ? bind : { ...bind, tls },
  )
}

/** Logs the lines that follow once the sockets are bound. */
export function sayListening(draft: ArbiterDraft, binds: readonly Bind[], effects: Effects): void {
  const secure = draft.settings.tls !== undefined
  const listeners = binds.map((bind) => (bind.kind === 'unix' ? `unix:${bind.path}` : bindUrl(bind, secure)))
  say(draft, effects, 'info', `Listening at: ${listeners.join(',')} (`, { part: 'pid', pid: draft.pid }, ')')
  say(draft, effects, 'info', `Using worker: ${draft.settings.gunicorn.workerClass ?? 'sync'}`)
  effects.push({ type: 'notify', text: 'READY=1\nSTATUS=Gunicorn arbiter booted' })
}

/** Logs why it could not bind, and tries again in a second; an error that no retry can mend ends the program at once. */
export function bindFailed(draft: ArbiterDraft, bind: Bind, error: BindError, effects: Effects): void {
  const [task] = draft.todo
  if (task?.task !== 'create-sockets' || endedForGood(draft, error, effects)) return
  const address = pythonAddress(bind)
  if (error === 'in-use') say(draft, effects, 'error', `Connection in use: ${address}`)
  if (error === 'not-available') say(draft, effects, 'error', `Invalid address: ${address}`)
  const { saysWhyNotBound } = rulesOf(draft)
  if (saysWhyNotBound) say(draft, effects, 'error', `connection to ${address} failed: ${osError(error)}`)
  say(draft, effects, saysWhyNotBound ? 'debug' : 'error', 'Retrying in 1 second.')
  continueWith(draft, { task: 'sleep-before-bind', attempt: task.attempt })
}

function endedForGood(draft: ArbiterDraft, error: BindError, effects: Effects): boolean {
  const { tls, speaks } = draft.settings
  const frames: readonly string[] = []
  const raised =
    error === 'bad-port'
      ? { name: 'OverflowError', message: osError(error), frames }
      : error === 'no-keyfile'
        ? { name: 'ValueError', message: `keyfile "${tls?.keyfile ?? ''}" does not exist`, frames }
        : error === 'no-certfile'
          ? { name: 'ValueError', message: `certfile "${tls?.certfile ?? ''}" does not exist`, frames }
          : undefined
  if (raised === undefined) return false
  draft.phase = 'ended'
  for (const record of uncaught(speaks, draft.pid, raised)) effects.push({ type: 'log', record })
  effects.push({ type: 'exit', code: 1 })
  return true
}

/** `stop()` closes the sockets; the files of unix sockets are removed unless another master uses them. */
export function closeSockets(draft: ArbiterDraft, effects: Effects): void {
  effects.push({ type: 'close-listeners' })
  if (draft.successor !== undefined || draft.successorOf !== undefined) return
  for (const bind of draft.settings.binds)
    if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
}
