import type { LogRecord, ExceptionInfo } from '../manager/log.ts'
import type { AppError } from '../manager/machine.ts'
import { message } from '../manager/say.ts'
import type { WorkerBirth } from './life.ts'
import type { WorkerRules } from './rules.ts'
import { APP_LOAD_FAILURE, BOOT_FAILURE, gunicornWorkerRules } from './rules.ts'

/** What a worker prints, and the code it ends with, when its application cannot be loaded. */
export interface LoadFailure {
  readonly records: readonly LogRecord[]
  readonly code: number
}

/** Who started the worker decides what catches the failure: uvicorn itself, multiprocessing, or gunicorn's arbiter. */
export function loadFailure(birth: WorkerBirth, error: AppError, rules: WorkerRules): LoadFailure {
  return birth.role === 'forked' ? loadFailureInGunicorn(birth, error) : inUvicorn(birth, error, rules)
}

/** uvicorn `Config.load`: a wrong import string is logged as one line; any other exception is not caught. */
function inUvicorn(birth: WorkerBirth, error: AppError, rules: WorkerRules): LoadFailure {
  const { pid } = birth
  if (error.kind === 'raised') {
    const heading = birth.role === 'spawned' ? { heading: `Process SpawnProcess-${birth.age}:` } : {}
    return { records: [{ kind: 'traceback', pid, ...heading, raised: error.raised }], code: 1 }
  }
  const text = `Error loading ASGI app. ${complaint(error)}`
  return { records: [message(pid, 'error', [text]), ...hint(pid, error)], code: rules.loadFailureCode }
}

/** A suggestion of ours, below the original's error: what to type instead. */
function hint(pid: number, error: AppError): readonly LogRecord[] {
  if (error.kind !== 'no-attribute' || error.hint === undefined) return []
  return [{ kind: 'bare', pid, stream: 'stderr', text: error.hint }]
}

function complaint(error: Exclude<AppError, { kind: 'raised' }>): string {
  switch (error.kind) {
    case 'no-module':
      return `Could not import module "${error.module}".`
    case 'no-attribute':
      return `Attribute "${error.attribute}" not found in module "${error.module}".`
    case 'bad-import-string':
      return `Import string "${error.typed}" must be in format "<module>:<attribute>".`
  }
}

/** gunicorn `Arbiter.spawn_worker`: a missing attribute is an `AppImportError` (code 4), all else "failed to boot" (3). */
export function loadFailureInGunicorn(birth: WorkerBirth, error: AppError): LoadFailure {
  const { pid } = birth
  if (error.kind === 'no-attribute' || error.kind === 'bad-import-string') {
    const attribute = error.kind === 'no-attribute' ? error.attribute : 'application'
    const module = error.kind === 'no-attribute' ? error.module : error.typed
    const text = `Failed to find attribute '${attribute}' in '${module}'.`
    const records: readonly LogRecord[] = [{ kind: 'bare', pid, stream: 'stderr', text }, ...hint(pid, error)]
    return { records, code: APP_LOAD_FAILURE }
  }
  const raised = error.kind === 'raised' ? error.raised : notFound(error.module)
  const logged = message(pid, 'error', ['Exception in worker process'], raised)
  const { repeatsException } = gunicornWorkerRules(birth.settings.speaks.version)
  const again: LogRecord = { kind: 'bare', pid, stream: 'stderr', text: raised.message }
  return { records: repeatsException ? [logged, again] : [logged], code: BOOT_FAILURE }
}

function notFound(module: string): ExceptionInfo {
  return { name: 'ModuleNotFoundError', message: `No module named '${module}'`, frames: [] }
}
