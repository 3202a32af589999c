import type { Speaker } from '../manager/settings.ts'
import { PROGRAMS, traitsOf } from '../manager/traits.ts'
import { VERSIONS } from '../manager/versions.ts'

/** A program in one version; gunicorn with one of its worker classes. */
export interface Edition {
  /** e.g. `gunicorn 26.1.0 asgi`. */
  readonly name: string
  readonly speaks: Speaker
  readonly workerClass?: string
}

const UVICORN_WORKER = 'uvicorn.workers.UvicornWorker'

/** Every program in every version that the simulator knows, in the order of `VERSIONS`. */
export const EDITIONS: readonly Edition[] = PROGRAMS.flatMap((program) =>
  VERSIONS[program].flatMap((version): Edition[] => {
    const name = `${program} ${version}`
    const speaks = { program, version }
    if (!traitsOf(speaks).hasWorkerClasses) return [{ name, speaks }]
    const uvicorn = { name, speaks, workerClass: UVICORN_WORKER }
    return version === '20.1.0' ? [uvicorn] : [uvicorn, { name: `${name} asgi`, speaks, workerClass: 'asgi' }]
  }),
)

/** The command line that starts `workers` workers. */
export function commandOf(
  { speaks, workerClass = '' }: Edition,
  workers: number,
  app = 'main:app',
): string[] {
  const count = ['--workers', String(workers)]
  switch (speaks.program) {
    case 'uvicorn':
      return ['uvicorn', app, ...count]
    case 'gunicorn':
      return ['gunicorn', app, ...count, '--worker-class', workerClass]
    case 'fastapi': {
      const [module = '', attribute] = app.split(':')
      return [
        'fastapi',
        'run',
        ...count,
        `${module}.py`,
        ...(attribute === 'app' ? [] : ['--app', attribute ?? '']),
      ]
    }
  }
}
