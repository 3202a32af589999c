import { connect, type Socket } from 'node:net'
import type { ObservedClient } from '../../conformance/recording/observed.ts'
import type { Result } from '../../conformance/recording/scenario.ts'
import type { Over } from '../../conformance/replay/world.ts'
import { ask, type Way } from './client.ts'

/** After so many seconds without an answer a client on its own socket gives up. */
const PATIENCE = 60

/** A connection that a client keeps open between its requests. What has closed it by then is seen at the next one. */
export class KeptConnection {
  #socket: Socket | undefined

  /** Sends `GET path` on it; the first one opens it. It never throws. */
  async ask(port: number, path: string): Promise<ObservedClient> {
    this.#socket ??= connect({ host: '127.0.0.1', port })
    return { path, ...(await exchange(this.#socket, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)) }
  }

  close(): void {
    this.#socket?.destroy()
  }
}

/** Sends `GET path` in the way that a step names. It never throws. */
export async function askOver(
  over: Over,
  port: number,
  path: string,
  way: Way,
  kept: KeptConnection,
): Promise<ObservedClient> {
  if (over === 'kept connection') return kept.ask(port, path)
  if (over !== 'HTTP/1.0') return ask(port, path, way)
  const socket = connect({ host: '127.0.0.1', port })
  const end = await exchange(socket, `GET ${path} HTTP/1.0\r\n\r\n`)
  socket.destroy()
  return { path, ...end }
}

/** Writes a request and reads until the answer is whole or the connection is closed. */
function exchange(socket: Socket, request: string): Promise<{ result: Result; seconds: number }> {
  const since = performance.now()
  return new Promise((resolve) => {
    let text = ''
    const end = (result: Result) => {
      clearTimeout(tired)
      socket.off('data', read).off('end', closed).off('close', closed).off('error', failed)
      socket.on('error', () => undefined)
      resolve({ result, seconds: (performance.now() - since) / 1000 })
    }
    const status = () => /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] as `${number}` | undefined
    const read = (piece: Buffer) => {
      text += piece.toString('latin1')
      if (isWhole(text)) end(status() ?? '0')
    }
    const closed = () => {
      const got = status()
      if (got === undefined) return end('closed without a response')
      end(isWhole(text) || !/content-length|chunked/i.test(text) ? got : `${got} (body cut off)`)
    }
    const failed = (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? end('connection refused') : closed()
    const tired = setTimeout(() => end('timed out'), PATIENCE * 1000)
    socket.on('data', read).once('end', closed).once('close', closed).once('error', failed)
    if (socket.readyState === 'open' || socket.connecting) socket.write(request)
    else closed()
  })
}

/** Whether an answer is there to its end. */
export function isWhole(text: string): boolean {
  const at = text.indexOf('\r\n\r\n')
  if (at < 0) return false
  const [head, body] = [text.slice(0, at), text.slice(at + 4)]
  const length = /content-length: *(\d+)/i.exec(head)?.[1]
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length)
}
