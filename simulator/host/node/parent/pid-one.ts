import { SIGNAL_NUMBERS } from '../../../manager/signals.ts'
import { words } from '../output/language.ts'
import { write } from '../output/write.ts'

const ENDING = ['TERM', 'INT', 'HUP', 'QUIT'] as const

/**
 * Handles what PID 1 of a container must. The kernel drops every signal that PID 1 has no handler for, so before the manager installs its
 * handlers these signals would not stop it: the handlers here exit instead. PID 1 should also reap orphans, which Node cannot do: a line on
 * stderr says so.
 */
export function actAsFirstProcess(): void {
  if (process.pid !== 1) return
  write('stderr', `${words().firstProcess}\n`)
  for (const name of ENDING) {
    const signal = `SIG${name}` as const
    process.on(signal, () => {
      // The manager has no handler for it.
      if (process.listenerCount(signal) === 1) process.exit(128 + SIGNAL_NUMBERS[name])
    })
  }
}
