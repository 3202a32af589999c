import type { Picture } from './picture.ts'

/** Who has the memory, in bytes. Pages that several processes share are counted once, and belong to none of them. */
export interface MemoryParts {
  readonly used: number
  readonly shared: number
  /** What each process has for itself, by PID. */
  readonly own: ReadonlyMap<number, number>
}

/** The memory in use, from the resident memory of each process and what of that is shared. */
export function memoryParts({ memory, around }: Picture): MemoryParts {
  const own = new Map([...memory].map(([pid, bytes]) => [pid, bytes - (around.shared.get(pid) ?? 0)]))
  const shared = sharedOnce(around.shared.values())
  return { used: [...own.values()].reduce((sum, bytes) => sum + bytes, shared), shared, own }
}

/** The shared memory counted once: the largest share, since the process that forked the others shares all of it. */
export function sharedOnce(shared: Iterable<number>): number {
  return Math.max(0, ...shared)
}
