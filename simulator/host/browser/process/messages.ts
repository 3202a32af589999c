import type { HeaderList } from '../../../machine/network/headers.ts'
import { define, wrapMethod } from './define.ts'

const streamed = new WeakSet<object>()

/** Whether the body of a request or response is a stream that the application fills as it goes. */
export function isStreamed(message: unknown): boolean {
  return typeof message === 'object' && message !== null && streamed.has(message)
}

/**
 * Gives requests and responses all headers, as on a server: the browser's own hide `Host`, `Cookie` and `Set-Cookie` from scripts.
 * It also records which bodies are streams.
 */
export function serverSideMessages(): void {
  define(
    globalThis,
    'Request',
    watched(Request, (_, init) => init?.body),
  )
  define(
    globalThis,
    'Response',
    watched(Response, (body) => body),
  )
}

type Message = Request | Response
type MessageClass = typeof Request | typeof Response
type Init = { readonly body?: unknown; readonly headers?: HeadersInit } | undefined

function watched(own: MessageClass, bodyOf: (first: unknown, init: Init) => unknown): MessageClass {
  const watched: MessageClass = new Proxy(own, {
    construct(target, parameters, newTarget) {
      const made = Reflect.construct(
        target,
        parameters,
        newTarget === watched ? target : newTarget,
      ) as Message
      const [first, init] = parameters as [unknown, Init]
      if (bodyOf(first, init) instanceof ReadableStream) streamed.add(made)
      const given = init?.headers ?? (first instanceof Request ? first.headers : undefined)
      openHeaders(made, new Headers(given))
      return made
    },
  })
  define(own.prototype, 'constructor', watched)
  wrapMethod(
    own.prototype,
    'clone',
    (clone) =>
      function (this: unknown) {
        const original = this as Message
        const copy = clone.call(original) as Message
        openHeaders(copy, new Headers(original.headers))
        if (streamed.has(original)) streamed.add(copy)
        return copy
      },
  )
  return watched
}

/** Replaces a message's headers by ones that hide nothing, with the content type that the browser has set. */
function openHeaders(message: Message, headers: Headers): void {
  const type = message.headers.get('content-type')
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  define(message, 'headers', headers)
}

/** A request as an application on a server gets it. Its signal is aborted when the client disconnects. */
export function serverRequest(
  from: {
    method: string
    target: string
    headers: HeaderList
    body?: string
    scheme?: 'http' | 'https'
  },
  signal: AbortSignal,
): Request {
  const headers = new Headers(from.headers.map(([name, value]): [string, string] => [name, value]))
  const url = new URL(from.target, `${from.scheme ?? 'http'}://${headers.get('host') ?? 'localhost'}`)
  const bodiless = from.body === undefined || from.method === 'GET' || from.method === 'HEAD'
  return new Request(url, {
    method: from.method,
    headers,
    signal,
    ...(bodiless ? {} : { body: streamOf(from.body ?? ''), duplex: 'half' }),
  })
}

/** A stream that is ready at once: reading one of the browser's own takes real time. */
function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}
