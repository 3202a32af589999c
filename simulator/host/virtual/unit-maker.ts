import { readUnit, type ReadUnit } from '../../machine/init/unit-file.ts'
import { Unit } from './unit.ts'
import type { UnitParts, WriteToJournal } from './unit-command.ts'

export { readUnit }

/** Makes a unit as its file says. */
export function makeUnit(parts: UnitParts, name: string, read: ReadUnit, say: WriteToJournal): Unit {
  return new Unit(parts, name, read, say)
}
