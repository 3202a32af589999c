import { DISK_ROOM } from '../../machine/limits.ts'
import type { System } from '../../machine/system.ts'

/** Writes a file, unless the disk is full then: `false` (ENOSPC). */
export function writeToDisk(system: System, path: string, text: string): boolean {
  const others = system.listFiles().filter((each) => each !== path)
  const used = others.reduce((sum, each) => sum + (system.readFile(each)?.length ?? 0), 0)
  if (used + text.length > DISK_ROOM) return false
  system.writeFile(path, text)
  return true
}
