import type { LogLevel, LogRecord, MessagePart, ExceptionInfo } from '../../manager/log.ts'
import { logQuestions, message } from '../../manager/say.ts'
import type { SignalName } from '../../manager/signals.ts'
import { uvicornInside } from '../../manager/versions.ts'
import type { Phase, WorkerBirth, WorkerEffect } from '../life.ts'
import { type WorkerRules, workerRules } from '../rules.ts'

/** The state of uvicorn's `Server`: in the only process, in a spawned one, or in gunicorn's worker. */
export interface UvicornServer {
  readonly kind: 'uvicorn'
  readonly birth: WorkerBirth
  readonly phase: Phase
  readonly now: number
  readonly servingSince: number
  /** Whether the application has a startup and a shutdown, so that the shutdown is still to run. */
  readonly lifespan: boolean
  /** Signals caught so far, in order. */
  readonly captured: readonly SignalName[]
  readonly shouldExit: boolean
  readonly forceExit: boolean
  readonly requests: number
  readonly maxRequests: number | undefined
  readonly open: number
  readonly lastBeat: number | undefined
  readonly waitingSince: number
  /** How many responses were cancelled when the graceful timeout was over. */
  readonly cancelled: number
  /** The code to end with when the stop was forced by a failure. */
  readonly failure: number | undefined
  /** Queries that have not been sent to the terminal yet. */
  readonly questions: readonly LogRecord[]
}

/** A worker before its first event. */
export function newServer(birth: WorkerBirth): UvicornServer {
  const { maxRequests, maxRequestsJitter, speaks } = birth.settings
  const jitter = Math.floor(birth.chance * (maxRequestsJitter + 1))
  return {
    kind: 'uvicorn',
    birth,
    phase: 'new',
    now: 0,
    servingSince: 0,
    lifespan: true,
    captured: [],
    shouldExit: false,
    forceExit: false,
    requests: 0,
    maxRequests: maxRequests === undefined ? undefined : maxRequests + jitter,
    open: 0,
    lastBeat: undefined,
    waitingSince: 0,
    cancelled: 0,
    failure: undefined,
    questions: birth.role === 'spawned' ? logQuestions(speaks, birth.pid) : [],
  }
}

/** The state while a step changes it. */
export type UvicornServerDraft = { -readonly [K in keyof UvicornServer]: UvicornServer[K] }

/** `--lifespan off`: nothing is logged about startup and shutdown. */
export function isOff({ birth }: UvicornServerDraft): boolean {
  return birth.settings.lifespan === 'off'
}

/** The rules of the uvicorn version that serves. */
export function rules(worker: UvicornServer): WorkerRules {
  return workerRules(uvicornInside(worker.birth.settings.speaks))
}

/** Logs a message. */
export function say(
  draft: UvicornServerDraft,
  effects: WorkerEffect[],
  level: LogLevel,
  parts: readonly MessagePart[],
  raised?: ExceptionInfo,
): void {
  effects.push({ type: 'log', record: message(draft.birth.pid, level, parts, raised) })
}
