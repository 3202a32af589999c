import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../output/failure.ts'
import { writeWhole } from '../system/write-whole.ts'

/** Readable for everyone. */
const MODE = 0o644

/** The file with the master's PID: gunicorn's `pidfile.py` (20.1.0, 26.1.0). */
export class PidFile {
  #path: string

  /**
   * Writes the PID of this process.
   * @throws Failure with gunicorn's message when the file names another living process, or the folder does not exist.
   */
  constructor(path: string) {
    this.#path = path
    const is = statSync(path, { throwIfNoEntry: false })
    if (is?.isFile() === false) throw error(`${path} is no regular file. Can't create pidfile.`)
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

  /** When the first master has ended, the second one renames its file to the first one's name. */
  rename(path: string): void {
    renameSync(this.#path, path)
    this.#path = path
  }

  /** Removes the file, unless another process has written it since. */
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

/** The PID in the file. It must be a regular file: reading a pipe or a device could block for ever. */
function pidIn(path: string): number | undefined {
  try {
    if (!statSync(path).isFile()) return undefined
    const pid = Number.parseInt(readFileSync(path, 'utf8'))
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
