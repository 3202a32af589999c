import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'

/**
 * Starts a process.
 *
 * @param failed hears, later, why there is none: Node throws some errors of the system, and reports others when the child has no PID
 * @returns nothing when no process could be made
 */
export function startProcess(
  file: string,
  args: readonly string[],
  options: SpawnOptions,
  failed: (error: NodeJS.ErrnoException) => void,
): ChildProcess | undefined {
  try {
    const child = spawn(file, args, options)
    if (child.pid !== undefined) return child
    child.once('error', failed)
  } catch (error) {
    process.nextTick(failed, error)
  }
  return undefined
}
