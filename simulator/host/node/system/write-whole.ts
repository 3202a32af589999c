import { closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** A file that is written, and not yet in its place. */
export interface TemporaryFile {
  /** Puts it in its place, whatever is there. */
  readonly place: () => void
  /** It is not wanted. */
  readonly drop: () => void
}

/**
 * Writes a file beside its place, under a name that nobody had before: no link is followed, no file of others is touched.
 *
 * @throws the system's error, which names the file's place. Nothing is left then.
 */
export function writeTemporary(path: string, text: string, mode: number): TemporaryFile {
  const beside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  const drop = () => rmSync(beside, { force: true })
  const named = (work: () => void) => {
    try {
      work()
    } catch (error) {
      drop()
      throw Object.assign(error as Error, { path })
    }
  }
  named(() => {
    const fd = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    try {
      // Whatever the umask says.
      fchmodSync(fd, mode)
      const bytes = Buffer.from(text)
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
    } finally {
      closeSync(fd)
    }
  })
  return { place: () => named(() => renameSync(beside, path)), drop }
}

/**
 * Puts a file there whole: who reads it meanwhile finds the old one or the new one.
 *
 * @throws the system's error, which names the file. The old one is still there then.
 */
export function writeWhole(path: string, text: string, mode: number): void {
  writeTemporary(path, text, mode).place()
}
