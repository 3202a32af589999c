import { SIGNAL_NUMBERS } from '../../../manager/signals.ts'
import type { ChildMessage, ChildTask } from '../ipc/protocol.ts'
import type { Children } from './children.ts'
import type { Sentinel } from './sentinel.ts'

/**
 * Imports the application in a child: in this process it would stay loaded, with all that it opened.
 * @param heard called with the child's result
 * @param onStartFailure called when the process could not be started
 */
export function tryImport(
  task: ChildTask,
  { children, sentinel }: { readonly children: Children; readonly sentinel: Sentinel },
  heard: (message: ChildMessage) => void,
  onStartFailure: (error: NodeJS.ErrnoException) => void,
): void {
  sentinel.start()
  let answer: ChildMessage | undefined
  const pid = children.start(task, [], {
    onMessage: (message) => {
      if (pid === undefined) return
      answer = message
      children.kill(pid, 'KILL')
    },
    onExit: (status) => {
      sentinel.end()
      if (answer !== undefined) return heard(answer)
      // The application ended the process that imported it, which in the original is this one.
      if ('code' in status) process.exit(status.code)
      // The kernel protects PID 1 of a container from signals that would end it.
      if (process.pid === 1) process.exit(128 + SIGNAL_NUMBERS[status.signal])
      process.kill(process.pid, `SIG${status.signal}`)
    },
    onStartFailure,
  })
}
