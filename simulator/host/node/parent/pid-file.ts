import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../output/failure.ts'
import { writeWhole } from '../system/write-whole.ts'

/** Everybody may read it. */
const MODE = 0o644

/** The file in which the PID of the master stands: gunicorn's `pidfile.py` (20.1.0, 26.1.0). */
export class PidFile {
  #path: string

  /**
   * Writes the PID of this process.
   *
   * @throws Failure in gunicorn's words when another one that lives is named there, or there is no such folder.
   */
  constructor(path: string) {
    this.#path = path
    const running = runningPid(path)
    if (running !== undefined)
      throw error(`Already running on PID ${running} (or pid file '${path}' is stale)`)
    const folder = dirname(path)
    if (!existsSync(folder)) throw error(`${folder} doesn't exist. Can't create pidfile.`)
    try {
      writeWhole(path, `${process.pid}\n`, MODE)
    } catch (thrown) {
      throw error((thrown as Error).message)
    }
  }

  /** A second master takes the name of the first one's file, when that has ended. */
  rename(path: string): void {
    renameSync(this.#path, path)
    this.#path = path
  }

  /** Removes the file, unless it is another process's by now. */
  remove(): void {
    if (pidIn(this.#path) === process.pid) rmSync(this.#path, { force: true })
  }
}

function error(message: string): Failure {
  return new Failure(`\nError: ${message}\n`)
}

function runningPid(path: string): number | undefined {
  const pid = pidIn(path)
  if (pid === undefined || pid === process.pid) return undefined
  try {
    process.kill(pid, 0)
    return pid
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined
  }
}

function pidIn(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'))
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
