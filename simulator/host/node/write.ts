import { writeSync } from 'node:fs'
import type { Stream } from '../../manager/log.ts'

/** A moment's sleep for a pipe whose reader is slow. */
const RETRY_MS = 1
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Writes a whole record at once and at once: nothing is lost when the process ends right after.
 * An output that is gone (a closed terminal, a reader that left) is survived in silence, as the originals do.
 */
export function write(stream: Stream, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(stream === 'stdout' ? 1 : 2, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      // The application made the shared pipe non-blocking, and it is full.
      Atomics.wait(sleeper, 0, 0, RETRY_MS)
    }
  }
}
