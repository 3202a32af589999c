import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import type { Begun } from './world.ts'

/** The client's name for the connection of its pipelined requests. */
const PIPELINE = 2

/**
 * Sends `GET` of all these paths over one connection. A server reads the next one when it has answered the one before, and not when it
 * closes the connection then.
 */
export function pipeline(kernel: Kernel, paths: readonly string[], port: number): Begun {
  const begun: { result: string | undefined } = { result: undefined }
  const bind = { kind: 'tcp', host: '127.0.0.1', port } as const
  const results: string[] = []
  const send = (): void => {
    const path = paths[results.length]
    const isOpen = results.length === 0 || kernel.network.isKept(PIPELINE, bind)
    if (path === undefined || !isOpen) {
      begun.result = paths.map((_, i) => results[i] ?? 'closed').join(', ')
      return
    }
    let status = ''
    kernel.request(
      { host: '127.0.0.1', port, connection: PIPELINE, method: 'GET', target: path },
      {
        onHead: (head) => (status = String(head.status)),
        onEnd: (end) => {
          results.push(end === 'answered' ? status : 'closed')
          send()
        },
      },
    )
  }
  send()
  return begun
}
