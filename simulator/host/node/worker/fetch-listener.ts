import { fill, words } from '../language.ts'
import type { Fetch, Listener } from './app.ts'
import { guardBody } from './guard-body.ts'
import { describe } from './raised.ts'

/**
 * Serves a web-standard handler from Node's requests. The adapter is loaded only for applications that need it.
 * `onError` gets what the handler throws; the client is answered there.
 */
export async function fetchListener(fetch: Fetch, onError: (error: unknown) => void): Promise<Listener> {
  const { getRequestListener } = await import('@hono/node-server')
  const checked = (result: unknown) => guardBody(checkResponse(result), onError)
  const answer: Fetch = (request, bindings) => {
    const result = fetch(request, bindings)
    return result instanceof Promise ? result.then(checked) : checked(result)
  }
  return getRequestListener(answer, { errorHandler: onError })
}

function checkResponse(result: unknown): Response {
  if (result instanceof Response) return result
  throw new TypeError(fill(words().app.noResponse, { what: describe(result) }))
}
