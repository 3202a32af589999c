import type { HeaderList } from '../../../machine/network/headers.ts'
import type { GuestRequest } from '../../virtual/guest.ts'
import { fill, type ApplicationMessages } from '../words.ts'
import type { App } from './app.ts'
import { describe } from './describe.ts'
import { isStreamed, serverRequest } from './messages.ts'

/** Where the parts of a response are sent. */
export interface ResponseSink {
  head(id: number, status: number, headers: HeaderList): void
  body(id: number, text: string): void
  end(id: number): void
  raised(id: number, error: unknown): void
}

/** The requests that a process is handling. */
export class OpenRequests {
  readonly #app: App
  readonly #reply: ResponseSink
  readonly #words: ApplicationMessages['app']
  readonly #open = new Map<number, AbortController>()

  constructor(app: App, reply: ResponseSink, words: ApplicationMessages['app']) {
    this.#app = app
    this.#reply = reply
    this.#words = words
  }

  /** Passes a request to the application, and its response on in parts, as they come. */
  async handle(request: GuestRequest): Promise<void> {
    const { id } = request
    const leaver = new AbortController()
    this.#open.set(id, leaver)
    try {
      const response = await this.#app.fetch(serverRequest(request, leaver.signal))
      if (!(response instanceof Response)) {
        throw new TypeError(fill(this.#words.noResponse, { what: describe(response) }))
      }
      if (leaver.signal.aborted) return
      if (isStreamed(response)) await this.#stream(id, response, leaver.signal)
      else await this.#send(id, response, leaver.signal)
      if (!leaver.signal.aborted) this.#reply.end(id)
    } catch (error) {
      if (!leaver.signal.aborted) this.#reply.raised(id, error)
    } finally {
      this.#open.delete(id)
    }
  }

  /** Sends a body that is complete: `content-length` is the first header, as with Starlette. */
  async #send(id: number, response: Response, gone: AbortSignal): Promise<void> {
    const { status } = response
    const headers = [...response.headers]
    const text = await response.text()
    if (gone.aborted) return
    const length = String(new TextEncoder().encode(text).length)
    this.#reply.head(
      id,
      status,
      isBodiless(status) || response.headers.has('content-length')
        ? headers
        : [['content-length', length], ...headers],
    )
    if (text !== '') this.#reply.body(id, text)
  }

  /** Sends a streamed body; uvicorn sends it in chunks unless the application gave a length. */
  async #stream(id: number, response: Response, gone: AbortSignal): Promise<void> {
    const headers = [...response.headers]
    const chunked = !response.headers.has('content-length')
    this.#reply.head(id, response.status, chunked ? [...headers, ['transfer-encoding', 'chunked']] : headers)
    const reader = (response.body as ReadableStream<unknown>).getReader()
    // Errors of the application's own cancel callback do not matter here.
    gone.addEventListener('abort', () => void reader.cancel(gone.reason).catch(() => undefined))
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (gone.aborted) return
      if (done) break
      if (!(value instanceof Uint8Array)) {
        throw new TypeError(fill(this.#words.noBytes, { what: describe(value) }))
      }
      const text = decoder.decode(value, { stream: true })
      if (text !== '') this.#reply.body(id, text)
    }
    const rest = decoder.decode()
    if (rest !== '') this.#reply.body(id, rest)
  }

  /** The client of a request disconnected. */
  abandon(id: number): void {
    this.#open.get(id)?.abort(new DOMException('The client hung up.', 'AbortError'))
    this.#open.delete(id)
  }
}

/** Whether responses with this status have neither a body nor a length. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}
