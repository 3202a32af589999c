import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpSettings, Settings } from '../../../manager/settings.ts'
import { trustedProxies } from '../../../manager/versions.ts'
import type { LoggedAnswer, WorkerEvent } from '../../../worker/life.ts'
import type { WithoutAt } from '../system/pump.ts'
import { timerMs } from '../system/timer-ms.ts'
import type { App, Listener } from './app.ts'
import { atomsOf } from './atoms.ts'
import { countBody } from './count-body.ts'
import { fetchListener } from './fetch-listener.ts'
import { type Client, Forwarded } from './forwarded.ts'
import { isClientDisconnect } from './client-disconnect.ts'
import { Pipelines } from './pipelines.ts'
import { toExceptionInfo } from '../output/exception-info.ts'
import { Upgrades } from './upgrades.ts'
import { watchHead } from './watch-head.ts'

/** What requests report to the worker: heads sent, responses done, exceptions, how many are open, and one that was turned away. */
export type RequestEvent = WithoutAt<
  WorkerEvent & { type: 'responded' | 'completed' | 'request-raised' | 'open' | 'turned-away' }
>

/** What an exception belongs to and ends: a response, or a whole connection. */
type Exchange = ServerResponse | { readonly fail: () => void }

/** An emitter whose events belong to an exchange. */
type Emitter = EventEmitter & { [OF]?: Exchange }
const OF = Symbol('exchange')

/** What `Requests` must know about the servers. */
export interface ServerState {
  /** The number of open connections. */
  readonly connections: number
  /** The responses in progress. */
  openResponses(): Iterable<ServerResponse>
}

/** Which events have a listener: the others cost nothing. */
export interface RequestSubscriptions {
  /** The head of a response was sent (`responded`). */
  readonly heads: boolean
  /** A response is done (`completed`). */
  readonly ends: boolean
  /** … with the data for an access log, even without a custom format. */
  readonly accessData: boolean
}

const SERVER = 'server-workers'

type Emit = (this: Emitter, ...args: unknown[]) => boolean
const { emit: inherited } = EventEmitter.prototype as unknown as { emit: Emit }

/**
 * Since Node 24 a store that is entered is left again at the end of the callback that Node has called; running code within a store costs
 * twice as much, at every request.
 */
const ENTERS = Number.parseInt(process.versions.node) >= 24

/** Passes requests to the application and reports what becomes of them. */
export class Requests {
  /** The number of unfinished responses, once they are counted. */
  #open = 0
  #counts: boolean
  /** The exchange that the running code belongs to, also long after its handler has returned. */
  readonly #current = new AsyncLocalStorage<Exchange>()
  readonly #tell: (event: RequestEvent) => void
  readonly #servers: ServerState
  readonly #pipelines = new Pipelines()
  readonly #upgrades = new Upgrades()
  readonly #http: HttpSettings
  /** `--timeout-keep-alive 0`: every response closes its connection. */
  readonly #keepsNone: boolean
  readonly #forwarded: Forwarded | undefined
  readonly #accessFormat: string | undefined
  /** Whether the settings add headers to every response. */
  readonly #hasHeaders: boolean
  readonly #wanted: RequestSubscriptions
  /** Shared by all responses. */
  readonly #onClose: () => void
  /** Shared by all requests, responses and sockets: an event handler may throw, and that belongs to its exchange. */
  readonly #emit: Emitter['emit']
  #draining = false
  #onFinished: () => void = () => undefined

  constructor(
    { http = {}, gunicorn, keepAlive, speaks }: Pick<Settings, 'http' | 'gunicorn' | 'keepAlive' | 'speaks'>,
    tell: (event: RequestEvent) => void,
    { servers, wanted }: { servers: ServerState; wanted: RequestSubscriptions },
  ) {
    this.#tell = tell
    this.#servers = servers
    this.#http = http
    const { serverHeader, dateHeader, headers = [] } = http
    // The number is not needed before the server drains.
    this.#counts = http.limitConcurrency !== undefined
    this.#hasHeaders = serverHeader === true || dateHeader === false || headers.length > 0
    this.#forwarded = http.proxyHeaders === false ? undefined : new Forwarded(http, trustedProxies(speaks))
    this.#accessFormat = gunicorn?.accessFormat
    const accessData = wanted.accessData || this.#accessFormat !== undefined
    this.#wanted = { heads: wanted.heads, ends: wanted.ends || accessData, accessData }
    this.#keepsNone = keepAlive === 0
    this.#onClose = () => this.#closed()
    const emitWithin = (emitter: Emitter, args: unknown[]) => this.#emitWithin(emitter, args)
    this.#emit = function (this: Emitter, ...args: unknown[]) {
      return emitWithin(this, args)
    }
  }

  /** The listener that serves an application. */
  async serve(app: App): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
    const { handler } = app
    const onError = (error: unknown) => this.#raise(error, this.#current.getStore())
    const current = () => {
      const exchange = this.#current.getStore()
      return exchange === undefined || 'fail' in exchange ? undefined : exchange
    }
    const appListener =
      'fetch' in handler ? await fetchListener(handler.fetch, onError, current) : handler.listener
    const { limitConcurrency = Infinity } = this.#http
    const run = this.#run.bind(this, appListener)
    return (request, response) => {
      if (!this.#begin(request, response)) return
      if (
        limitConcurrency !== Infinity &&
        (this.#servers.connections >= limitConcurrency || this.#open > limitConcurrency)
      ) {
        return this.#turnAway(response)
      }
      if (!ENTERS) return this.#current.run(response, run, request, response)
      // It applies to what Node calls for this request, and no longer.
      this.#current.enterWith(response)
      run(request, response)
    }
  }

  /** Passes an upgrade request to the application. From then on the connection is the application's. */
  upgrade(take: (request: IncomingMessage) => unknown, request: IncomingMessage, socket: Duplex): void {
    this.#upgrades.add(request)
    // Later data on it belongs to this request as well: an exception closes this connection, and no other.
    const exchange = this.belong(socket)
    this.#forwarded?.apply(request)
    if (this.#draining) return this.#dismiss(socket)
    this.#within(exchange, () => take(request))
  }

  /** From now on an exception in an event handler of a connection closes it, and ends nothing else. */
  belong(socket: Duplex): Exchange {
    const exchange = { fail: () => void socket.destroy() }
    this.#mark(socket, exchange)
    return exchange
  }

  #mark(emitter: Emitter, exchange: Exchange): void {
    emitter[OF] = exchange
    // Set on the object itself, because Express replaces its prototype.
    emitter.emit = this.#emit
  }

  #emitWithin(emitter: Emitter, args: unknown[]): boolean {
    const exchange = emitter[OF]
    const emit = () => inherited.apply(emitter, args)
    if (exchange === undefined || this.#current.getStore() === exchange) return emit()
    return this.#within(exchange, emit) ?? true
  }

  /** Runs code that belongs to an exchange. @returns its result, or `undefined` when it throws */
  #within<T>(exchange: Exchange, run: () => T): T | undefined {
    return this.#current.run(exchange, () => {
      try {
        return run()
      } catch (error) {
        this.#raise(error, exchange)
        return undefined
      }
    })
  }

  /** From now on the last response of every connection closes it, and changes of the number of open responses are reported. */
  drain(): void {
    this.#draining = true
    for (const first of this.#servers.openResponses()) {
      const responses = [first, ...this.#pipelines.behind(first.socket)]
      for (const response of responses) {
        response.shouldKeepAlive = response !== responses.at(-1)
        if (!this.#counts) this.#count(response)
      }
    }
    this.#counts = true
    for (const socket of this.#upgrades.open) this.#dismiss(socket)
    this.#tellOpen()
  }

  /** Asks the peer of an upgraded connection to close it; it counts as open until then. */
  #dismiss(socket: Duplex): void {
    this.#open += 1
    socket.once('close', this.#onClose)
    this.#upgrades.dismiss(socket)
  }

  /** Settles when no response is open, or after this many ms. */
  async finished(ms: number): Promise<void> {
    if (this.#open === 0) return
    await new Promise<void>((done) => {
      this.#onFinished = done
      setTimeout(done, timerMs(ms))
    })
  }

  /**
   * Handles an uncaught exception, from a timer or the like.
   * @returns whether it belongs to a request; that request is answered with a 500, or its connection closed.
   */
  handleUncaught(error: unknown): boolean {
    const exchange = this.#current.getStore()
    if (exchange === undefined) return false
    this.#raise(error, exchange)
    return true
  }

  /** @returns false when an earlier response has announced that it closes this connection. */
  #begin(request: IncomingMessage, response: ServerResponse): boolean {
    const closes = this.#draining || this.#keepsNone
    // A pipelined response behind another one has no socket yet.
    if (response.socket === null && !this.#pipelines.add(request.socket, response, closes)) return false
    this.#mark(request, response)
    this.#mark(response, response)
    if (this.#counts) this.#count(response)
    if (closes) {
      response.shouldKeepAlive = false
      if (this.#draining) this.#tellOpen()
    }
    const forwarded = this.#forwarded?.apply(request)
    if (this.#hasHeaders) this.#setHeaders(response)
    const { heads, ends } = this.#wanted
    if (heads || ends) this.#watch(request, response, forwarded)
    return true
  }

  #count(response: ServerResponse): void {
    this.#open += 1
    response.on('close', this.#onClose)
  }

  #closed(): void {
    this.#open -= 1
    if (!this.#draining) return
    if (this.#open === 0) this.#onFinished()
    this.#tellOpen()
  }

  /** Reports the events of a response that have a listener: its head was sent, it is done. */
  #watch(request: IncomingMessage, response: ServerResponse, forwarded: Client | undefined): void {
    const { method = '', url: target = '', httpVersion, socket } = request
    const { remoteAddress: host, remotePort: port } = socket
    const direct = host === undefined || port === undefined ? undefined : { host, port }
    const peer = forwarded ?? direct
    const client = peer === undefined ? {} : { client: peer }
    const { heads, ends, accessData } = this.#wanted
    if (heads) {
      watchHead(response, () => {
        this.#tell({ type: 'responded', ...client, method, target, httpVersion, status: response.statusCode })
      })
    }
    if (!ends) return
    const logData = accessData ? this.#logDataOf(request, response, client) : undefined
    response.once('finish', () =>
      this.#tell({ type: 'completed', ...(logData === undefined ? {} : { answer: logData() }) }),
    )
  }

  /** Collects the log data of a response. Called when the request has come; the result is read when the response is done. */
  #logDataOf(
    request: IncomingMessage,
    response: ServerResponse,
    client: Pick<LoggedAnswer, 'client'>,
  ): () => LoggedAnswer {
    const { method = '', url: target = '', httpVersion } = request
    const bytes = countBody(response)
    const format = this.#accessFormat
    const custom = format === undefined ? undefined : atomsOf(request, response, format)
    return () => {
      const { referer, 'user-agent': agent } = request.headers
      return {
        ...client,
        method,
        target,
        httpVersion,
        status: response.statusCode,
        bytes: bytes(),
        ...(referer === undefined ? {} : { referer }),
        ...(agent === undefined ? {} : { agent }),
        ...(custom === undefined ? {} : { custom: custom(bytes()) }),
      }
    }
  }

  #setHeaders(response: ServerResponse): void {
    const { serverHeader, dateHeader, headers } = this.#http
    if (serverHeader === true) response.setHeader('server', SERVER)
    if (dateHeader === false) response.sendDate = false
    for (const [name, value] of headers ?? []) response.appendHeader(name, value)
  }

  /** uvicorn's response to a connection above the limit. */
  #turnAway(response: ServerResponse): void {
    this.#tell({ type: 'turned-away' })
    response.shouldKeepAlive = false
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('Service Unavailable')
  }

  #run(appListener: Listener, request: IncomingMessage, response: ServerResponse): void {
    try {
      const result = appListener(request, response)
      if (result instanceof Promise) result.catch((error: unknown) => this.#raise(error, response))
    } catch (error) {
      this.#raise(error, response)
    }
  }

  /** As in uvicorn, the exception is logged first, then the exchange ends. */
  #raise(error: unknown, exchange: Exchange | undefined): void {
    if (exchange !== undefined && !('fail' in exchange) && isClientDisconnect(error, exchange)) {
      return void exchange.destroy()
    }
    this.#tell({ type: 'request-raised', raised: toExceptionInfo(error) })
    if (exchange !== undefined) end(exchange)
  }

  #tellOpen(): void {
    this.#tell({ type: 'open', connections: this.#open })
  }
}

function end(exchange: Exchange): void {
  if ('fail' in exchange) exchange.fail()
  else fail(exchange)
}

const FAILURE = 'Internal Server Error'

/** The client gets a 500; when a head was sent already, its connection is cut. */
function fail(response: ServerResponse): void {
  if (response.writableEnded) return
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.shouldKeepAlive = false
  // The length is set again: the application may have set another one.
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', 'content-length': FAILURE.length })
  response.end(FAILURE)
}
