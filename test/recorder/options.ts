import { parseArgs } from 'node:util'
import type { ProgramName } from '../../simulator/manager/settings.ts'

/** What `npm run record` was asked for. */
export interface Options {
  readonly program: ProgramName
  /** `latest`: the newest on PyPI. */
  readonly version: string
  /** Empty: all. */
  readonly scenarios: readonly string[]
  /** Records everything twice and says what differs. */
  readonly twice: boolean
  /** Compares with the recordings that there are, and writes nothing. */
  readonly check: boolean
  /** Writes them for the chapters too (`content/transcripts`). */
  readonly show: boolean
  /** Where recordings are written, instead of among those of the tests. */
  readonly out?: string
}

/** Misuse of the command line. */
export class Misused extends Error {}

const USAGE = `npm run record -- PROGRAM VERSION [SCENARIO ...] [--twice] [--check] [--show] [--out FOLDER]

  PROGRAM   uvicorn, gunicorn or fastapi
  VERSION   e.g. 0.54.0, 26.2.0-asgi (gunicorn's own worker class), 0.54.0-standard (with uvloop and httptools), latest
  --twice   records every scenario twice and says what differs by chance
  --check   compares with the recordings that there are instead of writing any; ends with 1 when words or behaviour differ
  --show    writes what is recorded under content/transcripts too, with times, for the chapters
  --out     writes there, laid out as test/recordings`

/** @throws Misused when the words make no sense. */
export function readOptions(argv: readonly string[]): Options {
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: {
          twice: { type: 'boolean' },
          check: { type: 'boolean' },
          show: { type: 'boolean' },
          out: { type: 'string' },
        },
      })
    } catch (error) {
      throw new Misused(`${(error as Error).message}\n\n${USAGE}`)
    }
  })()
  const [program, version, ...scenarios] = parsed.positionals
  if (program !== 'uvicorn' && program !== 'gunicorn' && program !== 'fastapi')
    throw new Misused(`expected uvicorn, gunicorn or fastapi, got ${program ?? 'nothing'}\n\n${USAGE}`)
  if (version === undefined || !/^(\d+(\.\d+)+|latest)(-asgi|-standard)?$/.test(version))
    throw new Misused(`expected a version such as 0.54.0, got ${version ?? 'nothing'}\n\n${USAGE}`)
  if (version.endsWith('-asgi') && program !== 'gunicorn')
    throw new Misused(`expected a version of ${program}; -asgi is gunicorn's own worker class\n\n${USAGE}`)
  const { twice = false, check = false, show = false, out } = parsed.values
  return { program, version, scenarios, twice, check, show, ...(out === undefined ? {} : { out }) }
}
