import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { http, https } from './http.ts'

/** A TLS termination proxy: accepts HTTPS and forwards plain HTTP to the server behind it, with the client's address in headers. */
export class Proxy {
  readonly port: number
  readonly #server: HttpsServer
  #behind: number

  private constructor(server: HttpsServer, port: number, behind: number) {
    this.#server = server
    this.port = port
    this.#behind = behind
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#pass(request, response),
    )
  }

  /** Starts it on a free port of this machine, in front of the server at port `behind`. */
  static async start(behind: number, secure: SecureContextOptions): Promise<Proxy> {
    const server = https().createServer(secure)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
    return new Proxy(server, address.port, behind)
  }

  forwardTo(behind: number): void {
    this.#behind = behind
  }

  /** Replaces the certificate for new connections. */
  renew(secure: SecureContextOptions): void {
    this.#server.setSecureContext(secure)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const headers = {
      ...request.headers,
      // Such headers of the client itself are not passed on.
      'x-forwarded-for': request.socket.remoteAddress,
      'x-forwarded-proto': 'https',
    }
    const { method, url } = request
    const onward = http().request({ host: '127.0.0.1', port: this.#behind, method, path: url, headers })
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    request.pipe(onward)
  }
}
