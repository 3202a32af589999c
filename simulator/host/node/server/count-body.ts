import type { ServerResponse } from 'node:http'

type Write = (this: ServerResponse, ...args: unknown[]) => unknown

/** Counts the bytes of a response's body as the application writes them. @returns a function that reads the count */
export function countBody(response: ServerResponse): () => number {
  let bytes = 0
  const counted = (write: Write): Write =>
    function (...args) {
      const [piece, encoding] = args
      if (typeof piece === 'string')
        bytes += Buffer.byteLength(piece, typeof encoding === 'string' ? (encoding as 'utf8') : 'utf8')
      else if (piece instanceof Uint8Array) bytes += piece.byteLength
      return write.apply(this, args)
    }
  // Set on the object itself, because Express replaces its prototype. `end` does not call `write`.
  const members = response as unknown as Record<'write' | 'end', Write>
  members.write = counted(members.write)
  members.end = counted(members.end)
  return () => bytes
}
