import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** A WebSocket's close frame with the code 1012, "service restart", unmasked as a server sends it (RFC 6455, 5.5.1). */
const SERVICE_RESTART = Buffer.from([0x88, 2, 1012 >> 8, 1012 & 0xff])

/** uvicorn's response to a handshake that the application has not answered when the server stops. */
const NOT_ACCEPTED =
  'HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\nconnection: close\r\n\r\nInternal Server Error'

/** How long a client may take to answer a close frame, in ms. */
const ANSWER_MS = 1000

/** Connections that have been upgraded: WebSockets of the application. */
export class Upgrades {
  readonly #open = new Map<Duplex, { readonly writtenBefore: number; readonly isWebSocket: boolean }>()

  get open(): Iterable<Duplex> {
    return this.#open.keys()
  }

  /** Adds the connection of an upgrade request. */
  add({ socket, headers }: IncomingMessage): void {
    const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket'
    this.#open.set(socket, { writtenBefore: socket.bytesWritten, isWebSocket })
    socket.once('close', () => this.#open.delete(socket))
  }

  /**
   * Asks a client to disconnect, as uvicorn does: by a close frame with the code 1012. The client answers with its own, which the
   * application's WebSockets handle as from any client, so their handlers run. A client that does not answer is cut off.
   */
  dismiss(socket: Duplex & { readonly bytesWritten?: number }): void {
    const { writtenBefore, isWebSocket } = this.#open.get(socket) ?? {}
    if (socket.bytesWritten === writtenBefore) socket.end(NOT_ACCEPTED)
    else if (isWebSocket === true) socket.write(SERVICE_RESTART)
    const late = setTimeout(() => socket.destroy(), ANSWER_MS)
    socket.once('close', () => clearTimeout(late))
  }
}
