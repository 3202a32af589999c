import { VERSIONS, workerKind } from '../../../../simulator/manager/versions.ts'
import type { ProgramName, Settings } from '../../../../simulator/manager/settings.ts'
import { settingsOf, type More } from '../machine.ts'

/** A program in a version, of gunicorn with one of the worker classes. */
export interface Edition {
  readonly name: string
  readonly program: ProgramName
  readonly version: string
  readonly settings: (workers: number, more?: More) => Settings
}

/** Every program in every version that is written down, gunicorn 26 with both worker classes. */
export const EVERY_EDITION: readonly Edition[] = (Object.keys(VERSIONS) as ProgramName[]).flatMap((program) =>
  VERSIONS[program].flatMap((version) => {
    const own = program === 'gunicorn' && version !== '20.1.0' ? [edition(program, version, 'asgi')] : []
    return [edition(program, version), ...own]
  }),
)

function edition(program: ProgramName, version: string, workerClass?: string): Edition {
  const more = workerClass === undefined ? {} : { workerClass }
  return {
    name: [program, version, workerClass].filter((word) => word !== undefined).join(' '),
    program,
    version,
    settings: (workers, others) =>
      settingsOf(program, workers, { speaks: { program, version }, ...more, ...others }),
  }
}

/** In which of the four characters a manager with these settings acts. */
export type Character = 'alone' | 'spawner' | 'supervisor' | 'arbiter'

/** The character of the manager: uvicorn with one worker is none, and before 0.30 it only starts workers. */
export function character(settings: Settings): Character {
  const { program, version } = settings.speaks
  if (program === 'gunicorn') return 'arbiter'
  if (settings.workers <= 1) return 'alone'
  return program === 'uvicorn' && version.startsWith('0.17') ? 'spawner' : 'supervisor'
}

/** Whether its workers look after their parent, and leave when it has gone. */
export function leavesWithParent(settings: Settings): boolean {
  return workerKind(settings) === 'asgi'
}
