import type { ServerResponse } from 'node:http'

/** Error codes of operations on a connection that the client has closed. */
const CODES: readonly unknown[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ABORT_ERR',
]
/** The adapter's own errors: the reason of `request.signal`, and of a body that was cut off. */
const REASONS: readonly unknown[] = [
  'Client connection prematurely closed.',
  'Error: aborted',
  'Body is unusable',
]

/**
 * Whether an error only means that the client disconnected before the response. It is no fault of the application, and the originals do not
 * log it.
 */
export function isClientDisconnect(error: unknown, response: ServerResponse): boolean {
  const { req: request } = response
  const hasLeft = request.socket.destroyed || response.destroyed || request.destroyed
  if (!hasLeft || response.writableFinished) return false
  if (REASONS.includes(error) || (error === request.errored && error !== null)) return true
  if (typeof error !== 'object' || error === null) return false
  const { name, code, message } = error as Partial<NodeJS.ErrnoException>
  return name === 'AbortError' || CODES.includes(code) || REASONS.includes(message)
}
