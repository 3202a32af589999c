import type { MessagePart, ExceptionInfo } from '../../manager/log.ts'
import type { AppError, BindError } from '../../manager/machine.ts'
import {
  badPort,
  bindUrl,
  isPassedSocket,
  osError,
  pythonAddress,
  tracebackText,
  uncaught,
} from '../../manager/say.ts'
import type { Bind } from '../../manager/settings.ts'
import { traitsOf } from '../../manager/traits.ts'
import type { WorkerEffect } from '../life.ts'
import { loadFailure } from '../load-failure.ts'
import { BOOT_FAILURE } from '../rules.ts'
import { serve } from './serve.ts'
import { type UvicornServerDraft, isOff, rules, say } from './state.ts'
import { LIFESPAN_UNSUPPORTED, leave, stopApplication } from './stop.ts'

/** The first step: queries to the terminal, if there are any, then the import of the application. */
export function begin(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  const { role, pid } = draft.birth
  const [question, ...others] = draft.questions
  if (question !== undefined) {
    draft.phase = 'asking'
    draft.questions = others
    effects.push({ type: 'ask', record: question })
    return
  }
  draft.phase = 'importing'
  if (role === 'forked') say(draft, effects, 'info', ['Booting worker with pid: ', { part: 'pid', pid }])
  effects.push({ type: 'import' })
}

/** The application is imported: its startup begins. */
export function imported(draft: UvicornServerDraft, effects: WorkerEffect[]): void {
  draft.phase = 'starting'
  say(draft, effects, 'info', ['Started server process [', { part: 'worker', pid: draft.birth.pid }, ']'])
  if (!isOff(draft)) say(draft, effects, 'info', ['Waiting for application startup.'])
  effects.push({ type: 'startup' })
}

/** The application could not be loaded: the worker ends. */
export function importFailed(draft: UvicornServerDraft, error: AppError, effects: WorkerEffect[]): void {
  const { records, code } = loadFailure(draft.birth, error, rules(draft))
  for (const record of records) effects.push({ type: 'log', record })
  leave(draft, effects, code)
}

/** The application is ready. A process that serves alone binds its socket only now. */
export function started(draft: UvicornServerDraft, supported: boolean, effects: WorkerEffect[]): void {
  draft.lifespan = supported && !isOff(draft)
  if (!supported) say(draft, effects, 'info', [LIFESPAN_UNSUPPORTED])
  if (!isOff(draft)) say(draft, effects, 'info', ['Application startup complete.'])
  if (draft.birth.role !== 'single') return serve(draft, effects)
  draft.phase = 'binding'
  const { binds, backlog } = draft.birth.settings
  effects.push({ type: 'bind', binds, backlog, replacesFile: true })
}

/**
 * The application raised in its startup. FastAPI's own message is the whole traceback, a plain one is a sentence. A message without a class
 * is that of ASGI's `lifespan.startup.failed`, printed as it is.
 */
export function startupFailed(
  draft: UvicornServerDraft,
  raised: ExceptionInfo,
  effects: WorkerEffect[],
): void {
  const whole = raised.name !== '' && traitsOf(draft.birth.settings.speaks).runsFastapiOnly
  say(draft, effects, 'error', [whole ? tracebackText(raised) : raised.message])
  say(draft, effects, 'error', ['Application startup failed. Exiting.'])
  leave(draft, effects, draft.birth.role === 'spawned' ? rules(draft).startupFailureCode : BOOT_FAILURE)
}

/** Logs the address and serves. */
export function bound(draft: UvicornServerDraft, binds: readonly Bind[], effects: WorkerEffect[]): void {
  for (const bind of binds) {
    const where = bindUrl(bind, draft.birth.settings.tls !== undefined)
    const text = isPassedSocket(draft.birth.settings)
      ? `socket ${pythonAddress(bind)}`
      : bind.kind === 'unix'
        ? `unix socket ${where}`
        : where
    const part: MessagePart = text === where ? { part: 'address', text } : text
    say(draft, effects, 'info', ['Uvicorn running on ', part, ' (Press CTRL+C to quit)'])
  }
  serve(draft, effects)
}

/** Logs asyncio's error for a failed bind, then shuts the application down. */
export function bindFailed(
  draft: UvicornServerDraft,
  bind: Bind,
  error: BindError,
  effects: WorkerEffect[],
): void {
  if (error === 'bad-port') {
    const { settings, pid } = draft.birth
    for (const record of uncaught(settings.speaks, pid, badPort())) effects.push({ type: 'log', record })
    draft.phase = 'leaving'
    effects.push({ type: 'exit', code: 1 })
    return
  }
  draft.failure = rules(draft).bindFailureCode
  say(draft, effects, 'error', [asyncioError(bind, error)])
  stopApplication(draft, effects)
}

function asyncioError(bind: Bind, error: BindError): string {
  const address = bind.kind === 'tcp' ? `('${bind.host}', ${bind.port})` : bindUrl(bind, false)
  const attempt = `error while attempting to bind on address ${address}`
  switch (error) {
    case 'in-use':
      return `[Errno 98] ${attempt}: address already in use`
    case 'not-available':
      return `[Errno 99] ${attempt}: cannot assign requested address`
    case 'not-permitted':
      return `[Errno 13] ${attempt}: permission denied`
    default:
      return osError(error)
  }
}
