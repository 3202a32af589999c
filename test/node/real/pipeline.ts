import { connect, type Socket } from 'node:net'
import type { Begun } from '../../conformance/replay/world.ts'
import { isWhole } from './kept.ts'

/** A connection over which a client sends several requests without waiting for answers. */
export class Pipeline {
  #socket: Socket | undefined

  /** Sends `GET` of all these paths. The result has a status for each answer that came whole; what was not answered was closed. */
  begin(paths: readonly string[], port: number): Begun {
    const socket = connect({ host: '127.0.0.1', port })
    this.#socket = socket
    const begun: { result: string | undefined } = { result: undefined }
    let text = ''
    const answers = () => text.split(/(?=HTTP\/1\.1 \d{3} )/).filter(isWhole)
    const end = () => {
      const statuses = answers().map((answer) => answer.slice('HTTP/1.1 '.length).slice(0, 3))
      begun.result ??= paths.map((_, i) => statuses[i] ?? 'closed').join(', ')
    }
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
      if (answers().length === paths.length) end()
    })
    socket.on('error', () => undefined).once('close', end)
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`).join(''))
    return begun
  }

  close(): void {
    this.#socket?.destroy()
  }
}
