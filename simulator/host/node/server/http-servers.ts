import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Server as TlsServer, TLSSocket } from 'node:tls'
import type { Settings } from '../../../manager/settings.ts'
import { timerMs } from '../system/timer-ms.ts'
import type { App } from './app.ts'
import type { Requests } from './requests.ts'
import type { TlsFiles } from './tls.ts'

/**
 * How long connections without a request may stay when a server drains: what a client sends in this time
 * is answered with `Connection: close`, so that none of its requests meets a closed door. Most clients need less,
 * and nobody waits for connections that are not there.
 */
const IDLE_WINDOW_MS = 500

/** uvicorn's limit of a request's head, in bytes (`--h11-max-incomplete-event-size`). */
const MAX_HEAD = 64 * 1024

/** What Node sets when nobody says anything, in ms. */
const NODES_REQUEST_MS = 300_000

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

/** Where a server listens: an inherited descriptor, or an address of its own. */
export type ListenAddress =
  { readonly fd: number } | { readonly host: string; readonly port: number } | { readonly path: string }

/** The servers of one worker: one for each socket, all with the same listener. */
export class HttpServers {
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  /** What is spoken over them with TLS. */
  readonly #secure = new Set<TLSSocket>()
  /** One for all sockets. */
  readonly #onClose: (this: Socket) => void
  readonly #listener: RequestListener
  readonly #app: App
  readonly #requests: Requests
  readonly #settings: Settings
  #tls: TlsFiles | undefined
  #windowIsOver = false
  #onIdle: () => void = () => undefined

  /** With `tls` they speak HTTPS. */
  constructor(listener: RequestListener, app: App, requests: Requests, settings: Settings, tls?: TlsFiles) {
    this.#listener = listener
    this.#app = app
    this.#requests = requests
    this.#settings = settings
    this.#tls = tls
    const closed = (socket: Socket) => this.#closed(socket)
    this.#onClose = function () {
      closed(this)
    }
  }

  /**
   * Listens and accepts.
   *
   * @returns the port, or 0 for a unix socket
   * @throws the system's error.
   */
  async listen(place: ListenAddress, backlog: number): Promise<number> {
    const server = this.#create()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ ...place, backlog }, () => {
        server.off('error', reject)
        this.#servers.push(server)
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size
  }

  /** The answers that are being given now: one on each connection. */
  *answers(): Iterable<ServerResponse> {
    for (const socket of this.#tls === undefined ? this.#sockets : this.#secure) {
      // Node has no public name for it; what waits behind it on its connection comes too late anyway.
      const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null }
      if (answer) yield answer
    }
  }

  /** Stops accepting. Idle connections get a moment, then they are closed too; requests go on. */
  drain(): void {
    for (const server of this.#servers) {
      // Not http.Server's own close: that one drops idle connections at once, and with them requests on their way.
      NetServer.prototype.close.call(server)
    }
    setTimeout(() => {
      // After what has arrived by now was read: the process may have had no processor for a while.
      setImmediate(() => this.#endWindow())
    }, IDLE_WINDOW_MS).unref()
  }

  /** Settles when no connection is left on which something may still be asked. */
  async idle(): Promise<void> {
    if (this.#sockets.size > 0 && !this.#windowIsOver)
      await new Promise<void>((done) => (this.#onIdle = done))
  }

  /** Closes the connections on which nothing is asked, once their moment is over. */
  closeIdle(): void {
    if (!this.#windowIsOver) return
    for (const server of this.#servers) server.closeIdleConnections()
  }

  #endWindow(): void {
    this.#windowIsOver = true
    this.closeIdle()
    this.#onIdle()
  }

  /** Closes every connection, in the middle of an answer too. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** New connections get another certificate; those that are open keep theirs. */
  renew(tls: TlsFiles): void {
    this.#tls = tls
    for (const server of this.#servers) (server as unknown as Partial<TlsServer>).setSecureContext?.(tls)
  }

  #closed(socket: Socket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size === 0) this.#onIdle()
  }

  #track(socket: TLSSocket): void {
    this.#secure.add(socket)
    this.#requests.belong(socket)
    socket.once('close', () => this.#secure.delete(socket))
  }

  /** Nobody but the command says how long a connection is kept; of the rest a server of the application's own may say something. */
  #setTimes(server: Server, keepAlive: number): void {
    const own = this.#app.server
    if (own !== undefined) {
      const { timeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket } = own
      Object.assign(server, { timeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket })
    }
    // An upload takes as long as it takes, as with the originals.
    const limit = own?.requestTimeout ?? NODES_REQUEST_MS
    server.requestTimeout = limit === NODES_REQUEST_MS ? 0 : limit
    server.keepAliveTimeout = timerMs(keepAlive * 1000)
    // Since Node 24.6, which else adds a second of its own.
    ;(server as { keepAliveTimeoutBuffer?: number }).keepAliveTimeoutBuffer = 0
  }

  #create(): Server {
    const { keepAlive, http = {} } = this.#settings
    // A health check may name no host.
    const head = { maxHeaderSize: http.maxHead ?? MAX_HEAD, requireHostHeader: false }
    const server =
      this.#tls === undefined
        ? createServer(head, this.#listener)
        : process.getBuiltinModule('node:https').createServer({ ...head, ...this.#tls }, this.#listener)
    this.#setTimes(server, keepAlive)
    server.on('checkExpectation', this.#listener)
    // Nobody here is a proxy.
    server.on('connect', (_, socket) => socket.end(BAD_REQUEST))
    // Who shows a certificate without having to must show a good one.
    if (this.#settings.tls?.certReqs === 1) server.on('secureConnection', refuseBadCertificate)
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', this.#onClose)
      if (this.#tls === undefined) this.#requests.belong(socket)
    })
    if (this.#tls !== undefined) server.on('secureConnection', (socket: TLSSocket) => this.#track(socket))
    const own = this.#app.server
    if (own !== undefined && own.listenerCount('upgrade') > 0 && http.upgrades !== false) {
      server.on('upgrade', (request, socket, head) =>
        this.#requests.upgrade((asked) => own.emit('upgrade', asked, socket, head), request, socket),
      )
    }
    return server
  }
}

function refuseBadCertificate(socket: TLSSocket): void {
  if (!socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0) socket.destroy()
}
