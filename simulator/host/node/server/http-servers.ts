import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Server as TlsServer, TLSSocket } from 'node:tls'
import type { Settings } from '../../../manager/settings.ts'
import { timerMs } from '../system/timer-ms.ts'
import type { App } from './app.ts'
import type { Requests } from './requests.ts'
import type { TlsFiles } from './tls.ts'

/**
 * How long idle connections stay open while a server drains, in ms: a request that arrives in this time is answered with `Connection:
 * close`, so that none meets a closed connection. Most clients need less, and without connections there is no wait.
 */
const IDLE_WINDOW_MS = 500

/** uvicorn's limit of a request's head, in bytes (`--h11-max-incomplete-event-size`). */
const MAX_HEAD = 64 * 1024

/** Node's default for `requestTimeout`, in ms. */
const NODES_REQUEST_MS = 300_000

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

/** Where a server listens: on an inherited descriptor, or on an address of its own. */
export type ListenAddress =
  { readonly fd: number } | { readonly host: string; readonly port: number } | { readonly path: string }

/** The servers of one worker: one for each socket, all with the same listener. */
export class HttpServers {
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  /** The TLS connections over them. */
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

  /** The number of open connections. */
  get connections(): number {
    return this.#sockets.size
  }

  /** The responses in progress: one on each connection. */
  *openResponses(): Iterable<ServerResponse> {
    for (const socket of this.#tls === undefined ? this.#sockets : this.#secure) {
      // Node has no public name for it; a response that waits behind it on its connection comes too late anyway.
      const { _httpMessage: response } = socket as { _httpMessage?: ServerResponse | null }
      if (response) yield response
    }
  }

  /** Stops accepting. Idle connections are closed after a moment; requests in progress continue. */
  drain(): void {
    for (const server of this.#servers) {
      // Not http.Server's own close: it drops idle connections at once, and with them requests on their way.
      NetServer.prototype.close.call(server)
    }
    setTimeout(() => {
      // After the data that has arrived was read: the process may not have had a processor for a while.
      setImmediate(() => this.#endWindow())
    }, IDLE_WINDOW_MS).unref()
  }

  /** Settles when no connection is left on which a request may still arrive. */
  async idle(): Promise<void> {
    if (this.#sockets.size > 0 && !this.#windowIsOver)
      await new Promise<void>((done) => (this.#onIdle = done))
  }

  /** Closes the idle connections, once their moment is over. */
  closeIdle(): void {
    if (!this.#windowIsOver) return
    for (const server of this.#servers) server.closeIdleConnections()
  }

  #endWindow(): void {
    this.#windowIsOver = true
    this.closeIdle()
    this.#onIdle()
  }

  /** Closes every connection, even in the middle of a response. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** New connections get another certificate; open ones keep theirs. */
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

  /**
   * Sets the timeouts. Only the command's settings decide how long idle connections are kept; other timeouts may come from the
   * application's own server.
   */
  #setTimes(server: Server, keepAlive: number): void {
    const own = this.#app.server
    if (own !== undefined) {
      const { timeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket } = own
      Object.assign(server, { timeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket })
    }
    // An upload may take any time, as with the originals.
    const limit = own?.requestTimeout ?? NODES_REQUEST_MS
    server.requestTimeout = limit === NODES_REQUEST_MS ? 0 : limit
    server.keepAliveTimeout = timerMs(keepAlive * 1000)
    // Node 24.6 and later would add a second of its own.
    ;(server as { keepAliveTimeoutBuffer?: number }).keepAliveTimeoutBuffer = 0
  }

  #create(): Server {
    const { keepAlive, http = {} } = this.#settings
    // A health check may send no Host header.
    const head = { maxHeaderSize: http.maxHead ?? MAX_HEAD, requireHostHeader: false }
    const server =
      this.#tls === undefined
        ? createServer(head, this.#listener)
        : process.getBuiltinModule('node:https').createServer({ ...head, ...this.#tls }, this.#listener)
    this.#setTimes(server, keepAlive)
    server.on('checkExpectation', this.#listener)
    // These servers are no proxies.
    server.on('connect', (_, socket) => socket.end(BAD_REQUEST))
    // A client certificate that is optional must still be valid when it is shown.
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
