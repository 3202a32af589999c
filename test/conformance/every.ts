import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import { isRecorded, load, scenarios, type Edition } from './recording/load.ts'
import { ACCIDENTS } from './exceptions/not-javascript.ts'
import type { Recorded } from './recording/scenario.ts'

/** Every program and version that was recorded. */
export const EDITIONS: readonly Edition[] = [
  { program: 'uvicorn', version: '0.54.0' },
  { program: 'uvicorn', version: '0.51.0' },
  { program: 'uvicorn', version: '0.30.6' },
  { program: 'uvicorn', version: '0.17.6' },
  { program: 'gunicorn', version: '20.1.0' },
  { program: 'gunicorn', version: '26.2.0' },
  { program: 'gunicorn', version: '26.2.0-asgi' },
  { program: 'gunicorn', version: '26.1.0' },
  { program: 'gunicorn', version: '26.1.0-asgi' },
  { program: 'fastapi', version: '0.0.7' },
  { program: 'fastapi', version: '0.0.34' },
  { program: 'fastapi', version: '0.0.32' },
]

/** The default version of each program. */
export const DEFAULT_EDITIONS: readonly Edition[] = (['uvicorn', 'gunicorn', 'fastapi'] as const).map(
  defaultSpeaker,
)

/** Every recording of these editions that can be repeated; `names`: only these, where they were recorded. */
export function everyRecording(
  editions: readonly Edition[] = EDITIONS,
  names?: readonly string[],
): Recorded[] {
  return editions.flatMap(({ program, version }) =>
    (names ?? scenarios(program, version))
      .filter((name) => isRecorded(program, version, name))
      .map((name) => load(program, version, name))
      .filter((recorded) => !ACCIDENTS.some((accident) => accident.applies(recorded))),
  )
}
