import type { Picture } from './picture.ts'

/** The memory by owner, in bytes. Pages that several processes share are counted once, and belong to none of them. */
export interface MemoryParts {
  readonly used: number
  readonly shared: number
  /** Private memory of each process, by PID. */
  readonly own: ReadonlyMap<number, number>
}

/** Computes the parts from the resident and the shared memory of each process. */
export function memoryParts({ memory, around }: Picture): MemoryParts {
  const own = new Map([...memory].map(([pid, bytes]) => [pid, bytes - (around.shared.get(pid) ?? 0)]))
  const shared = sharedOnce(around.shared.values())
  return { used: [...own.values()].reduce((sum, bytes) => sum + bytes, shared), shared, own }
}

/** The size of the shared memory, counted once: the largest share, since the process that forked the others shares all of it. */
export function sharedOnce(shared: Iterable<number>): number {
  return Math.max(0, ...shared)
}
