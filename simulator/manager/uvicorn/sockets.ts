import type { MessagePart } from '../log.ts'
import type { BindError } from '../machine.ts'
import { badPort, bindUrl, isPassedSocket, message, osError, pythonAddress, say, uncaught } from '../say.ts'
import type { Bind, Settings } from '../settings.ts'
import type { Effects } from '../task-queue.ts'

type Parent = Readonly<{ settings: Settings; pid: number }>

/** With `--workers 1`, 0 or less there is no parent: the process serves itself. */
export function bindOrServe(
  draft: { readonly settings: Settings; phase: 'new' | 'binding' | 'running' | 'serving' | 'ended' },
  effects: Effects,
): void {
  const { binds, backlog, workers } = draft.settings
  draft.phase = workers <= 1 ? 'serving' : 'binding'
  effects.push(workers <= 1 ? { type: 'serve' } : { type: 'bind', binds, backlog })
}

/** The lines that the parent logs before it starts workers, and the helper process that Python starts for them. */
export function sayStarted(parent: Parent, binds: readonly Bind[], effects: Effects): void {
  sayRunning(parent, binds, effects)
  say(parent, effects, 'info', 'Started parent process [', { part: 'parent', pid: parent.pid }, ']')
  effects.push({ type: 'helper' })
}

/** `Uvicorn running on …`, said by the parent once its sockets are bound. */
export function sayRunning(parent: Parent, binds: readonly Bind[], effects: Effects): void {
  for (const bind of binds) {
    say(parent, effects, 'info', 'Uvicorn running on ', addressOf(parent, bind), ' (Press CTRL+C to quit)')
  }
}

function addressOf({ settings }: Parent, bind: Bind): MessagePart {
  if (!isPassedSocket(settings)) return { part: 'address', text: bindUrl(bind, settings.tls !== undefined) }
  const text = pythonAddress(bind)
  return { part: 'address', text, plain: `socket ${text}` }
}

/** Logs why it could not bind: the operating system's error, or the exception for an invalid port. */
export function sayBindFailed({ settings, pid }: Parent, error: BindError, effects: Effects): void {
  const records =
    error === 'bad-port'
      ? uncaught(settings.speaks, pid, badPort())
      : [message(pid, 'error', [osError(error)])]
  for (const record of records) effects.push({ type: 'log', record })
}

/** When the parent ends, the file of its unix socket is removed, whoever made it. */
export function removeSocketFiles({ settings }: Parent, effects: Effects): void {
  for (const bind of settings.binds)
    if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
}
