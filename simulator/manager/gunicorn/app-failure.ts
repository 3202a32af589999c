import type { AppError, ManagerEffect } from '../machine.ts'

/** Why an application could not be imported, as gunicorn's exception for it. */
export function preloadError(error: AppError) {
  const frames: readonly string[] = []
  switch (error.kind) {
    case 'raised':
      return error.raised
    case 'no-module':
      return { name: 'ModuleNotFoundError', message: `No module named '${error.module}'`, frames }
    default: {
      const attribute = error.kind === 'no-attribute' ? error.attribute : 'application'
      const module = error.kind === 'no-attribute' ? error.module : error.typed
      const message = `Failed to find attribute '${attribute}' in '${module}'.`
      return { name: 'gunicorn.errors.AppImportError', message, frames }
    }
  }
}

/**
 * With `--preload`, an application that cannot be imported ends the program: a RuntimeError is one line, any other exception a traceback.
 */
export function preloadFailed(pid: number, error: AppError): readonly ManagerEffect[] {
  const exit: ManagerEffect = { type: 'exit', code: 1 }
  if (error.kind === 'raised' && error.raised.name === 'RuntimeError') {
    const text = `\nError: ${error.raised.message}\n\n`
    return [{ type: 'log', record: { kind: 'bare', pid, stream: 'stderr', text } }, exit]
  }
  const raised = preloadError(error)
  return [{ type: 'log', record: { kind: 'traceback', pid, raised } }, ...hint(pid, error), exit]
}

/** A suggestion of ours, below gunicorn's error: what to type instead. */
export function hint(pid: number, error: AppError): readonly ManagerEffect[] {
  const text = error.kind === 'no-attribute' ? error.hint : undefined
  return text === undefined ? [] : [{ type: 'log', record: { kind: 'bare', pid, stream: 'stderr', text } }]
}
