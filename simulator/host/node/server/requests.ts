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

/** What requests tell the worker: heads sent, responses done, exceptions, how many are open, and one that was turned away. */
export type RequestEvent = WithoutAt<
  WorkerEvent & { type: 'responded' | 'completed' | 'request-raised' | 'open' | 'turned-away' }
>

/** What an exception ends: an answer, or a whole connection. */
type Exchange = ServerResponse | { readonly fail: () => void }

/** What tells of events that belong to an exchange. */
type Emitter = EventEmitter & { [OF]?: Exchange }
const OF = Symbol('exchange')

/** What requests have to know of their servers. */
export interface ServerState {
  /** How many connections there are now. */
  readonly connections: number
  /** The answers that are being given now. */
  answers(): Iterable<ServerResponse>
}

/** What somebody listens to: what nobody does costs nothing. */
export interface RequestSubscriptions {
  /** The head of an answer went out (`responded`). */
  readonly heads: boolean
  /** An answer is done (`completed`). */
  readonly ends: boolean
  /** … and what it was, also without a format of the user's own. */
  readonly answers: boolean
}

const SERVER = 'server-workers'

type Emit = (this: Emitter, ...args: unknown[]) => boolean
const { emit: inherited } = EventEmitter.prototype as unknown as { emit: Emit }

/**
 * Since Node 24 a store that is entered is left again with the callback that Node has called; to run code within one costs twice as
 * much, at every request.
 */
const ENTERS = Number.parseInt(process.versions.node) >= 24

/** Leads requests to the application and reports what becomes of them. */
export class Requests {
  /** How many answers are not finished, once they are counted. */
  #open = 0
  #counts: boolean
  /** Which exchange the code that runs now belongs to, also long after its handler has returned. */
  readonly #current = new AsyncLocalStorage<Exchange>()
  readonly #tell: (event: RequestEvent) => void
  readonly #servers: ServerState
  readonly #pipelines = new Pipelines()
  readonly #upgrades = new Upgrades()
  readonly #http: HttpSettings
  /** `--timeout-keep-alive 0`: no connection is kept. */
  readonly #keepsNone: boolean
  readonly #forwarded: Forwarded | undefined
  readonly #accessFormat: string | undefined
  /** The settings say something of the headers of every answer. */
  readonly #hasHeaders: boolean
  readonly #wanted: RequestSubscriptions
  /** One for all answers. */
  readonly #onClose: () => void
  /** One for all requests, answers and sockets: what takes an event may throw, and that belongs to its exchange. */
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
    // Nobody else wants to know before the server drains.
    this.#counts = http.limitConcurrency !== undefined
    this.#hasHeaders = serverHeader === true || dateHeader === false || headers.length > 0
    this.#forwarded = http.proxyHeaders === false ? undefined : new Forwarded(http, trustedProxies(speaks))
    this.#accessFormat = gunicorn?.accessFormat
    const answers = wanted.answers || this.#accessFormat !== undefined
    this.#wanted = { heads: wanted.heads, ends: wanted.ends || answers, answers }
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
    const answer =
      'fetch' in handler ? await fetchListener(handler.fetch, onError, current) : handler.listener
    const { limitConcurrency = Infinity } = this.#http
    const run = this.#run.bind(this, answer)
    return (request, response) => {
      if (!this.#begin(request, response)) return
      if (
        limitConcurrency !== Infinity &&
        (this.#servers.connections >= limitConcurrency || this.#open > limitConcurrency)
      ) {
        return this.#turnAway(response)
      }
      if (!ENTERS) return this.#current.run(response, run, request, response)
      // It holds for what Node calls for this request, and no longer.
      this.#current.enterWith(response)
      run(request, response)
    }
  }

  /** Leads the request for an upgrade to the application. From then on the connection is the application's. */
  upgrade(take: (request: IncomingMessage) => unknown, request: IncomingMessage, socket: Duplex): void {
    this.#upgrades.add(request)
    // What comes over it later belongs to this request as well: an exception closes the connection, and no other.
    const exchange = this.belong(socket)
    this.#forwarded?.apply(request)
    if (this.#draining) return this.#dismiss(socket)
    this.#within(exchange, () => take(request))
  }

  /** From now on an exception in what takes the events of a connection closes it, and ends nothing else. */
  belong(socket: Duplex): Exchange {
    const exchange = { fail: () => void socket.destroy() }
    this.#mark(socket, exchange)
    return exchange
  }

  #mark(emitter: Emitter, exchange: Exchange): void {
    emitter[OF] = exchange
    // On the object itself, because Express exchanges its prototype.
    emitter.emit = this.#emit
  }

  #emitWithin(emitter: Emitter, args: unknown[]): boolean {
    const exchange = emitter[OF]
    const emit = () => inherited.apply(emitter, args)
    if (exchange === undefined || this.#current.getStore() === exchange) return emit()
    return this.#within(exchange, emit) ?? true
  }

  /** Runs code that belongs to an exchange; nothing comes of it when it raises. */
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

  /** From now on the last answer of every connection closes it, and changes of the number of open ones are told. */
  drain(): void {
    this.#draining = true
    for (const first of this.#servers.answers()) {
      const answers = [first, ...this.#pipelines.behind(first.socket)]
      for (const response of answers) {
        response.shouldKeepAlive = response !== answers.at(-1)
        if (!this.#counts) this.#count(response)
      }
    }
    this.#counts = true
    for (const socket of this.#upgrades.open) this.#dismiss(socket)
    this.#tellOpen()
  }

  /** An upgraded connection is asked to end, and is open until it has. */
  #dismiss(socket: Duplex): void {
    this.#open += 1
    socket.once('close', this.#onClose)
    this.#upgrades.dismiss(socket)
  }

  /** Settles when no answer is open any more, or after so many ms. */
  async finished(ms: number): Promise<void> {
    if (this.#open === 0) return
    await new Promise<void>((done) => {
      this.#onFinished = done
      setTimeout(done, timerMs(ms))
    })
  }

  /**
   * An exception that nobody caught, from a timer or the like.
   *
   * @returns whether it belongs to a request; that request is answered with a 500, or its connection closed.
   */
  take(error: unknown): boolean {
    const exchange = this.#current.getStore()
    if (exchange === undefined) return false
    this.#raise(error, exchange)
    return true
  }

  /** @returns false when the client was told before that nothing more is answered on this connection. */
  #begin(request: IncomingMessage, response: ServerResponse): boolean {
    const closes = this.#draining || this.#keepsNone
    // Behind another one: it has no socket yet.
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

  /** Tells what is wanted of an answer: that its head went out, that it is done. */
  #watch(request: IncomingMessage, response: ServerResponse, forwarded: Client | undefined): void {
    const { method = '', url: target = '', httpVersion, socket } = request
    const { remoteAddress: host, remotePort: port } = socket
    const direct = host === undefined || port === undefined ? undefined : { host, port }
    const peer = forwarded ?? direct
    const client = peer === undefined ? {} : { client: peer }
    const { heads, ends, answers } = this.#wanted
    if (heads) {
      watchHead(response, () => {
        this.#tell({ type: 'responded', ...client, method, target, httpVersion, status: response.statusCode })
      })
    }
    if (!ends) return
    const answer = answers ? this.#answerOf(request, response, client) : undefined
    response.once('finish', () =>
      this.#tell({ type: 'completed', ...(answer === undefined ? {} : { answer: answer() }) }),
    )
  }

  /** What an answer was, once it is done. To be called when the request has come. */
  #answerOf(
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

  /** uvicorn's answer to one connection too many. */
  #turnAway(response: ServerResponse): void {
    this.#tell({ type: 'turned-away' })
    response.shouldKeepAlive = false
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('Service Unavailable')
  }

  #run(answer: Listener, request: IncomingMessage, response: ServerResponse): void {
    try {
      const result = answer(request, response)
      if (result instanceof Promise) result.catch((error: unknown) => this.#raise(error, response))
    } catch (error) {
      this.#raise(error, response)
    }
  }

  /** As uvicorn does: the exception is logged, then the exchange ends. */
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

/** The client gets a 500, or a cut connection when it is too late for one. */
function fail(response: ServerResponse): void {
  if (response.writableEnded) return
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.shouldKeepAlive = false
  // The length is said anew: Node may have been told of another one.
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', 'content-length': FAILURE.length })
  response.end(FAILURE)
}
