import { closeSync, openSync } from 'node:fs'
import type { Settings } from '../../../manager/settings.ts'
import { startedByNohup } from '../system/hang-up.ts'
import { fill, sentence } from '../output/language.ts'
import { notify, notifyReloading } from '../system/notify.ts'
import { write } from '../output/write.ts'
import type { TlsFiles } from '../server/tls.ts'
import { readTls } from '../server/tls.ts'

/**
 * Reads the files of TLS anew on SIGHUP, without losing a connection. In the original the signal ends a process that serves
 * alone, and here too when it says that the terminal was closed. Files that do not fit are told of, and change nothing.
 */
export function renewOnHangUp(tls: NonNullable<Settings['tls']>, renew: (files: TlsFiles) => void): void {
  // Behind `nohup` the signal of a closed terminal is one like any other.
  const hadTerminal = !startedByNohup() && hasTerminal()
  process.on('SIGHUP', () => {
    if (hadTerminal && !hasTerminal()) {
      process.removeAllListeners('SIGHUP')
      process.kill(process.pid, 'SIGHUP')
      return
    }
    notifyReloading()
    try {
      renew(readTls(tls))
      write(
        'stderr',
        `${sentence(({ renewed }) => fill(renewed, { file: tls.certfile ?? tls.keyfile ?? '' }))}\n`,
      )
    } catch (error) {
      write(
        'stderr',
        `${sentence(({ notRenewed }) => fill(notRenewed, { problem: (error as Error).message }))}\n`,
      )
    }
    notify('READY=1', 'STATUS=Serves')
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
