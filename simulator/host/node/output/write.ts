import { writeSync } from 'node:fs'
import type { Stream } from '../../../manager/log.ts'
import { pause } from '../system/pause.ts'

/** A short sleep for a pipe whose reader is slow, in ms. */
const RETRY_MS = 1

let lost: (stream: Stream, code: string) => void = () => undefined

/** Registers what is called when an output cannot be written to, with the code of the system's error. */
export function onLost(hear: (stream: Stream, code: string) => void): void {
  lost = hear
}

/**
 * Writes a whole record at once and synchronously: nothing is lost when the process ends right after. A lost output (a closed terminal, a
 * reader that has exited, a full disk) does not end the process; see `onLost`.
 */
export function write(stream: Stream, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(stream === 'stdout' ? 1 : 2, bytes, done)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code !== 'EAGAIN') return lost(stream, code)
      // The application made the shared pipe non-blocking, and it is full.
      pause(RETRY_MS)
    }
  }
}
