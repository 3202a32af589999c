/** Under which symbol the adapter's light responses keep `[status, body, headers]`. It has no other name. */
const LIGHT = 'Symbol(cache)'

/** That symbol, once a response had it. */
let light: symbol | undefined

/**
 * Sees to it that an error in the middle of a streamed body comes to `onError`, as any other. The adapter would print it
 * its own way, and send its message to the client.
 */
export function guardBody(response: Response, onError: (error: unknown) => void): Response {
  light ??= Object.getOwnPropertySymbols(response).find((symbol) => String(symbol) === LIGHT)
  const parts =
    light === undefined ? undefined : (response as unknown as Record<symbol, unknown[] | undefined>)[light]
  if (parts === undefined) {
    const { body } = response
    return body === null ? response : new Response(guard(body, onError), response)
  }
  const body = parts[1]
  // Most bodies are texts.
  if (typeof body === 'object' && body instanceof ReadableStream) {
    parts[1] = guard(body as ReadableStream<Uint8Array>, onError)
  }
  return response
}

/** Passes a stream on, piece by piece, up to its end, its first error, or the client's leaving. */
function guard(
  stream: ReadableStream<Uint8Array>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
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
