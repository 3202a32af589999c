import type { System } from '../../machine/system.ts'

/** The permissions of files that `chmod` has set, or that were written in a shell, by file key. */
const modes = new WeakMap<object, Map<string, number>>()

/** The permissions of a file. Scripts that exist from the beginning are executable. */
export function modeOf(system: Pick<System, 'readFile'>, key: string): number {
  const set = modes.get(system)?.get(key)
  return set ?? (system.readFile(key)?.startsWith('#!') === true ? 0o755 : 0o644)
}

export function setMode(system: object, key: string, mode: number): void {
  const own = modes.get(system) ?? new Map<string, number>()
  modes.set(system, own.set(key, mode))
}

export function isExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0
}
