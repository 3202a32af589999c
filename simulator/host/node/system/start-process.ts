import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'

/**
 * Starts a process.
 * @param failed called later with the reason when it could not be started: Node throws some system errors, and reports others in an event
 * @returns `undefined` when the process could not be started
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
