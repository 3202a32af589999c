import { words } from '../output/language.ts'
import { nativeResponse } from './web-classes.ts'

/** The description of the symbol under which the adapter's light responses keep `[status, body, headers]`. The symbol is not exported. */
const LIGHT = 'Symbol(cache)'

/** That symbol, once a response had it. */
let light: symbol | undefined

/** The parts of a light response; `undefined` for other responses. */
function partsOf(response: Response): unknown[] | undefined {
  light ??= Object.getOwnPropertySymbols(response).find((symbol) => String(symbol) === LIGHT)
  return light === undefined
    ? undefined
    : (response as unknown as Record<symbol, unknown[] | undefined>)[light]
}

/** Whether the adapter sends a response at once, in one piece. */
export function isSentWhole(response: Response): boolean {
  const parts = partsOf(response)
  if (parts === undefined) return false
  const body = parts[1]
  return typeof body === 'string' || body === null || body instanceof Uint8Array
}

/**
 * Passes an error in the middle of a streamed body to `onError`. The adapter would print it in its own format, and send its
 * message to the client.
 *
 * @throws TypeError when the body was sent or read before
 */
export function guardBody(response: Response, onError: (error: unknown) => void): Response {
  const parts = partsOf(response)
  if (parts === undefined) {
    const { body, status, statusText } = response
    if (response.bodyUsed) throw new TypeError(words().app.usedResponse)
    return new (nativeResponse())(body === null ? null : guard(body, onError), {
      status,
      statusText,
      headers: headersOf(response),
    })
  }
  const body = parts[1]
  // Most bodies are texts.
  if (typeof body === 'object' && body instanceof ReadableStream) {
    parts[1] = guard(body as ReadableStream<Uint8Array>, onError)
  }
  return response
}

/** Headers about one connection, and headers about a body that `fetch` has decoded. */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding']
const OF_ENCODED = ['content-encoding', 'content-length']

/** The headers to send. Drops headers that describe the upstream connection or its encoding. */
function headersOf({ headers, url }: Response): Headers {
  const own = new Headers([...headers])
  if (url === '') return own
  for (const name of OF_CONNECTION) own.delete(name)
  if (own.has('content-encoding')) for (const name of OF_ENCODED) own.delete(name)
  return own
}

/** Passes a stream on, piece by piece, until it ends or fails, or the client disconnects. */
function guard(
  stream: ReadableStream<Uint8Array>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  if (stream.locked) throw new TypeError(words().app.usedResponse)
  const reader = stream.getReader()
  let isCancelled = false
  return new ReadableStream({
    async pull(controller) {
      const piece = await reader.read().catch(onError)
      if (isCancelled) return
      if (piece === undefined || piece.done) controller.close()
      else controller.enqueue(piece.value)
    },
    cancel: (reason) => {
      isCancelled = true
      return reader.cancel(reason)
    },
  })
}
