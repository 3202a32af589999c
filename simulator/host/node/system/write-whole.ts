import { closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** A file that is written, but not yet renamed into place. */
export interface TemporaryFile {
  /** Renames it into place, replacing an existing file. */
  readonly place: () => void
  /** Deletes it. */
  readonly drop: () => void
}

/**
 * Writes a file beside its final path, under a new name: no link is followed, and no existing file is touched.
 * @throws the system's error, which names the final path. Nothing is left then.
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
      // Independent of the umask.
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
 * Writes a file atomically: a reader sees the old one or the new one.
 * @throws the system's error, which names the file. The old one is unchanged then.
 */
export function writeWhole(path: string, text: string, mode: number): void {
  writeTemporary(path, text, mode).place()
}
