import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, WorkerEvent } from '../../../worker/life.ts'
import type { WithoutAt } from '../pump.ts'
import type { App, Listener } from './app.ts'
import { countBody } from './count-body.ts'
import { fetchListener } from './fetch-listener.ts'
import { raised } from './raised.ts'
import { watchHead } from './watch-head.ts'

/** What requests tell the worker: heads sent, responses done, exceptions, and how many are open. */
export type RequestEvent = WithoutAt<
  WorkerEvent & { type: 'responded' | 'completed' | 'request-raised' | 'open' }
>

/** Leads requests to the application and reports what becomes of them. */
export class Requests {
  /** Answers that are not finished. */
  readonly #open = new Set<ServerResponse>()
  /** Which request the code that runs now belongs to, also long after its handler has returned. */
  readonly #current = new AsyncLocalStorage<ServerResponse>()
  readonly #tell: (event: RequestEvent) => void
  readonly #wantsAnswers: boolean
  #draining = false
  #onFinished: () => void = () => undefined

  /** `wantsAnswers`: that an answer is done is told with what it was. */
  constructor(tell: (event: RequestEvent) => void, wantsAnswers = false) {
    this.#tell = tell
    this.#wantsAnswers = wantsAnswers
  }

  /** The listener that serves an application. */
  async serve(app: App): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
    const { handler } = app
    const onError = (error: unknown) => this.#raise(error, this.#current.getStore())
    const answer = 'fetch' in handler ? await fetchListener(handler.fetch, onError) : handler.listener
    return (request, response) => {
      this.#begin(request, response)
      this.#current.run(response, () => this.#run(answer, request, response))
    }
  }

  /** From now on every answer closes its connection, and changes of the number of open ones are told. */
  drain(): void {
    this.#draining = true
    for (const response of this.#open) response.shouldKeepAlive = false
    this.#tellOpen()
  }

  /** Settles when no answer is open any more, or after so many ms. */
  async finished(ms: number): Promise<void> {
    if (this.#open.size === 0) return
    await new Promise<void>((done) => {
      this.#onFinished = done
      setTimeout(done, ms)
    })
  }

  /**
   * An exception that nobody caught, from a timer or the like.
   *
   * @returns whether it belongs to a request; that request is answered with a 500.
   */
  take(error: unknown): boolean {
    const response = this.#current.getStore()
    if (response === undefined) return false
    this.#raise(error, response)
    return true
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    this.#open.add(response)
    if (this.#draining) {
      response.shouldKeepAlive = false
      this.#tellOpen()
    }
    const { method = '', url: target = '', httpVersion, socket } = request
    const { remoteAddress: host, remotePort: port } = socket
    const client = host === undefined || port === undefined ? {} : { client: { host, port } }
    watchHead(response, () => {
      this.#tell({ type: 'responded', ...client, method, target, httpVersion, status: response.statusCode })
    })
    const bytes = this.#wantsAnswers ? countBody(response) : undefined
    const answer = (): Answer => {
      const { referer, 'user-agent': agent } = request.headers
      const said = {
        ...(referer === undefined ? {} : { referer }),
        ...(agent === undefined ? {} : { agent }),
      }
      return {
        ...client,
        method,
        target,
        httpVersion,
        status: response.statusCode,
        bytes: bytes?.() ?? 0,
        ...said,
      }
    }
    response.once('finish', () =>
      this.#tell({ type: 'completed', ...(this.#wantsAnswers ? { answer: answer() } : {}) }),
    )
    response.once('close', () => {
      this.#open.delete(response)
      if (this.#open.size === 0) this.#onFinished()
      if (this.#draining) this.#tellOpen()
    })
  }

  #run(answer: Listener, request: IncomingMessage, response: ServerResponse): void {
    try {
      const result = answer(request, response)
      if (result instanceof Promise) result.catch((error: unknown) => this.#raise(error, response))
    } catch (error) {
      this.#raise(error, response)
    }
  }

  /** As uvicorn does: the exception is logged, then the client gets a 500, or a cut connection when it is too late for one. */
  #raise(error: unknown, response: ServerResponse | undefined): void {
    this.#tell({ type: 'request-raised', raised: raised(error) })
    if (response === undefined || response.writableEnded) return
    if (response.headersSent) {
      response.destroy()
      return
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    response.shouldKeepAlive = false
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('Internal Server Error')
  }

  #tellOpen(): void {
    this.#tell({ type: 'open', connections: this.#open.size })
  }
}
