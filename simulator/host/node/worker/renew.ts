import { closeSync, openSync } from 'node:fs'
import type { Settings } from '../../../manager/settings.ts'
import { fill, words } from '../language.ts'
import { write } from '../write.ts'
import type { TlsFiles } from './tls.ts'
import { readTls } from './tls.ts'

/**
 * Reads the files of TLS anew on SIGHUP, without losing a connection. In the original the signal ends a process that serves
 * alone, and here too when it says that the terminal was closed. Files that do not fit are told of, and change nothing.
 */
export function renewOnHangUp(tls: NonNullable<Settings['tls']>, renew: (files: TlsFiles) => void): void {
  const hadTerminal = hasTerminal()
  process.on('SIGHUP', () => {
    if (hadTerminal && !hasTerminal()) {
      process.removeAllListeners('SIGHUP')
      process.kill(process.pid, 'SIGHUP')
      return
    }
    try {
      renew(readTls(tls))
      write('stderr', `${fill(words().renewed, { file: tls.certfile ?? tls.keyfile ?? '' })}\n`)
    } catch (error) {
      write('stderr', `${fill(words().notRenewed, { problem: (error as Error).message })}\n`)
    }
  })
}

/** Whether this process can be reached by a terminal's keys: a closed one is gone from `/dev/tty`. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
