import { lookUp } from '../../../manager/look-up.ts'
import { closeSync, fstatSync, openSync, statSync, writeSync } from 'node:fs'
import { Failure } from './failure.ts'
import { fill, sentence } from './language.ts'
import { now } from '../system/now.ts'
import { write } from './write.ts'

/** How often the log file's path is checked, in case it was moved away (logrotate). */
const LOOK_AGAIN_MS = 1000

/** A file that log lines are appended to. When it was moved away, further lines go to a new file of its name. */
export class LogFile {
  readonly path: string
  #fd: number | undefined
  #lookedAt = 0
  #complained = false

  /** @throws Failure with gunicorn's message when it cannot be written. */
  constructor(path: string) {
    this.path = path
    try {
      this.#fd = openSync(path, 'a')
    } catch (error) {
      throw new Failure(`\nError: Error: '${path}' isn't writable [${pythonRepr(error)}]\n`)
    }
  }

  /** Writes whole lines. Lines that cannot be written (a full disk) are lost, which is reported once on stderr. */
  write(text: string): void {
    try {
      this.#reopenWhenMoved()
      const bytes = Buffer.from(text)
      for (let done = 0; done < bytes.length;) done += writeSync(this.#fd ?? 2, bytes, done)
      this.#complained = false
    } catch (error) {
      if (this.#complained) return
      this.#complained = true
      const { code = '' } = error as NodeJS.ErrnoException
      write('stderr', `${sentence(({ logFile }) => fill(logFile, { file: this.path, code }))}\n`)
    }
  }

  #reopenWhenMoved(): void {
    const at = now()
    if (this.#fd !== undefined && at - this.#lookedAt < LOOK_AGAIN_MS) return
    this.#lookedAt = at
    const there = statSync(this.path, { throwIfNoEntry: false })?.ino
    if (this.#fd !== undefined && there === fstatSync(this.#fd).ino) return
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
    this.#fd = openSync(this.path, 'a')
  }
}

/** The exception as Python shows it. */
function pythonRepr(error: unknown): string {
  const { code = '', errno = 0 } = error as NodeJS.ErrnoException
  const name =
    lookUp({ ENOENT: 'FileNotFoundError', EACCES: 'PermissionError', EISDIR: 'IsADirectoryError' }, code) ??
    'OSError'
  const message = lookUp(MESSAGES, code) ?? code
  return `${name}(${Math.abs(errno)}, '${message}')`
}

const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
}
