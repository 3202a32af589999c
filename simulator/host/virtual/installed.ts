import type { Program } from '../../manager/settings.ts'
import { checkVersion, VERSIONS } from '../../manager/versions.ts'
import type { Trace } from './trace.ts'

const PROGRAMS = ['uvicorn', 'gunicorn', 'fastapi'] as const

/** Which version of each server program is installed. */
export class Installed {
  readonly #trace: Trace
  readonly #versions: Record<Program, string>

  constructor(trace: Trace, versions: Partial<Readonly<Record<Program, string>>>) {
    this.#trace = trace
    const [uvicorn = '', gunicorn = '', fastapi = ''] = PROGRAMS.map((program) => VERSIONS[program][0])
    this.#versions = { uvicorn, gunicorn, fastapi, ...versions }
    for (const program of PROGRAMS) checkVersion(program, this.#versions[program])
  }

  version(program: Program): string {
    return this.#versions[program]
  }

  install(program: Program, version: string): void {
    checkVersion(program, version)
    this.#versions[program] = version
    this.#trace.record({ type: 'installed', program, version })
  }
}
