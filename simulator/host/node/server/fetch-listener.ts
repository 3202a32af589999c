import type { IncomingMessage, ServerResponse } from 'node:http'
import { fill, words } from '../output/language.ts'
import type { Fetch, Listener } from './app.ts'
import { guardBody, isSentWhole } from './guard-body.ts'
import { guardHead } from './guard-head.ts'
import { describe } from '../output/exception-info.ts'
import { repairTarget } from './repair-target.ts'
import { nativeResponse, recognizeNative } from './web-classes.ts'

/** What the adapter passes to the handler beside the request. */
interface Bindings {
  readonly outgoing: ServerResponse
}

/**
 * Serves a web-standard handler with Node's requests. The adapter is loaded only for applications that need it. `onError` gets what the
 * handler throws and answers the client. `current` is the response in progress.
 */
export async function fetchListener(
  fetch: Fetch,
  onError: (error: unknown) => void,
  current: () => ServerResponse | undefined,
): Promise<Listener> {
  const { getRequestListener, RequestError } = await import('@hono/node-server')
  const guarded = guardHead(onError)
  const check = (result: unknown, outgoing: ServerResponse) => {
    const response = guardBody(checkResponse(result), onError)
    // A body that the adapter does not send at once is streamed where an exception would not reach us.
    if (!isSentWhole(response)) outgoing.writeHead = guarded
    return response
  }
  const answer: Fetch = (request, bindings) => {
    const { outgoing } = bindings as Bindings
    const result = fetch(request, bindings)
    if (!isThenable(result)) return check(result, outgoing)
    outgoing.writeHead = guarded
    return Promise.resolve(result).then((settled) => check(settled, outgoing))
  }
  const repaired = new WeakSet<IncomingMessage>()
  const errorHandler = (error: unknown) => {
    const response = current()
    // The adapter could not make a URL of the request's target. The originals do not need one: they ask the application.
    if (!(error instanceof RequestError) || response === undefined || repaired.has(response.req)) {
      return onError(error)
    }
    repaired.add(response.req)
    repairTarget(response.req)
    return void listener(response.req, response)
  }
  const listener = getRequestListener(answer, { errorHandler })
  recognizeNative()
  return listener
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** Checks for a response, also of another implementation than Node's. */
function checkResponse(result: unknown): Response {
  if (result instanceof nativeResponse()) return result
  if (Object.prototype.toString.call(result) === '[object Response]') return result as Response
  throw new TypeError(fill(words().app.noResponse, { what: describe(result) }))
}
