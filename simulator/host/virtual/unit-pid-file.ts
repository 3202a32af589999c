import type { Service } from '../../machine/init/service.ts'
import type { Process } from './process.ts'
import type { UnitParts } from './unit-command.ts'

/** The main process of a forking service: the one that its PID file names, or without such a file the only one that is left. */
export function mainPidOf(
  { pidFile }: Service,
  { files }: UnitParts,
  left: readonly Process[],
): number | undefined {
  if (pidFile === undefined) return left.length === 1 ? left[0]?.pid : undefined
  const named = Number.parseInt(files.read(pidFile) ?? '', 10)
  return left.find(({ pid }) => pid === named)?.pid
}
