import type { ServerResponse } from 'node:http'

/** What is thrown at whoever reads from, writes to, or waits on behalf of a client that has left. */
const CODES: readonly unknown[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ABORT_ERR',
]
/** The adapter's own: the reason of `request.signal`, and of a body that did not come whole. */
const REASONS: readonly unknown[] = [
  'Client connection prematurely closed.',
  'Error: aborted',
  'Body is unusable',
]

/** Whether an error only says that the client has left before it was answered. That is no fault of the application's; the originals log none. */
export function isClientDisconnect(error: unknown, response: ServerResponse): boolean {
  const { req: request } = response
  const hasLeft = request.socket.destroyed || response.destroyed || request.destroyed
  if (!hasLeft || response.writableFinished) return false
  if (REASONS.includes(error) || (error === request.errored && error !== null)) return true
  if (typeof error !== 'object' || error === null) return false
  const { name, code, message } = error as Partial<NodeJS.ErrnoException>
  return name === 'AbortError' || CODES.includes(code) || REASONS.includes(message)
}
