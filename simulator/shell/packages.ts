import type { System } from '../machine/system.ts'
import type { ProgramName, Speaker } from '../manager/settings.ts'

const prepared = new WeakSet<System>()

/** A machine comes with these versions of the server programs; what `pip` changes later stays. */
export function installInitialVersions(system: System, speaks: Readonly<Record<ProgramName, Speaker>>): void {
  if (prepared.has(system)) return
  prepared.add(system)
  for (const { program, version } of Object.values(speaks)) {
    if (system.installed(program) !== version) system.install(program, version)
  }
}
