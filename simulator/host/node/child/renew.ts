import { closeSync, openSync } from 'node:fs'
import type { Settings } from '../../../manager/settings.ts'
import { startedByNohup } from '../system/hang-up.ts'
import { fill, sentence } from '../output/language.ts'
import { notify, notifyReloading } from '../system/notify.ts'
import { write } from '../output/write.ts'
import type { TlsFiles } from '../server/tls.ts'
import { readTls } from '../server/tls.ts'

/**
 * Reads the files of TLS again on SIGHUP, without losing a connection. In the original the signal ends a process that serves alone; here it
 * does so only when the terminal was closed. Files that do not fit are reported, and change nothing.
 */
export function renewOnHangUp(tls: NonNullable<Settings['tls']>, renew: (files: TlsFiles) => void): void {
  // Under `nohup`, the signal of a closed terminal means no more than any other SIGHUP.
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

/** Whether this process has a controlling terminal: once it is closed, `/dev/tty` cannot be opened. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
