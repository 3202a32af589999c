import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import { words } from './language.ts'
import { write } from './write.ts'

const ENDING = ['TERM', 'INT', 'HUP', 'QUIT'] as const

/**
 * The first process of a container. The kernel keeps from it every signal that it does not handle, so that nothing would stop it
 * before the manager takes them: here they end it, as anywhere else. And nobody else would collect what orphans leave behind,
 * which Node cannot do: that is said.
 */
export function actAsFirstProcess(): void {
  if (process.pid !== 1) return
  write('stderr', `${words().firstProcess}\n`)
  for (const name of ENDING) {
    const signal = `SIG${name}` as const
    process.on(signal, () => {
      // Nobody else handles it: the kernel would have ended any other process.
      if (process.listenerCount(signal) === 1) process.exit(128 + SIGNAL_NUMBERS[name])
    })
  }
}
