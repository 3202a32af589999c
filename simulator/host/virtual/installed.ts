import type { ProgramName } from '../../manager/settings.ts'
import { byProgram, PROGRAMS } from '../../manager/traits.ts'
import { checkVersion, defaultSpeaker } from '../../manager/versions.ts'
import type { Trace } from './trace.ts'

/** Which version of each server program is installed. */
export class Installed {
  readonly #trace: Trace
  readonly #versions: Record<ProgramName, string>

  constructor(trace: Trace, versions: Partial<Readonly<Record<ProgramName, string>>>) {
    this.#trace = trace
    this.#versions = { ...byProgram((program) => defaultSpeaker(program).version), ...versions }
    for (const program of PROGRAMS) checkVersion(program, this.#versions[program])
  }

  version(program: ProgramName): string {
    return this.#versions[program]
  }

  install(program: ProgramName, version: string): void {
    checkVersion(program, version)
    this.#versions[program] = version
    this.#trace.record({ type: 'installed', program, version })
  }
}
