import { arbiterRules } from '../manager/gunicorn/rules.ts'
import type { ProgramName, Speaker } from '../manager/settings.ts'
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
    if (!arbiterRules(version).hasAsgiWorker) return [uvicorn]
    return [uvicorn, { name: `${name} asgi`, speaks, workerClass: 'asgi' }]
  }),
)

/** The command line that starts `workers` workers. */
export function commandOf(edition: Edition, workers: number, app = 'main:app'): string[] {
  return COMMANDS[edition.speaks.program](app, ['--workers', String(workers)], edition)
}

type Command = (app: string, count: readonly string[], edition: Edition) => string[]

const COMMANDS: Readonly<Record<ProgramName, Command>> = {
  uvicorn: (app, count) => ['uvicorn', app, ...count],
  gunicorn: (app, count, { workerClass = '' }) => ['gunicorn', app, ...count, '--worker-class', workerClass],
  fastapi: (app, count) => {
    const [module = '', attribute = ''] = app.split(':')
    const named = attribute === 'app' ? [] : ['--app', attribute]
    return ['fastapi', 'run', ...count, `${module}.py`, ...named]
  },
}
