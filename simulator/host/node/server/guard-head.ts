import { ServerResponse } from 'node:http'

/**
 * A `writeHead` that passes an invalid status or header to `onError`, which answers; whatever the adapter still sends is dropped.
 * The adapter would print the error in its own format, and send its message to the client.
 */
export function guardHead(onError: (error: unknown) => void): ServerResponse['writeHead'] {
  return function (this: ServerResponse, ...args: unknown[]) {
    try {
      return write.apply(this, args)
    } catch (error) {
      onError(error)
      this.write = () => true
      this.end = () => this
      return this
    }
  }
}

type Write = (this: ServerResponse, ...args: unknown[]) => ServerResponse

const { writeHead: write } = ServerResponse.prototype as unknown as { writeHead: Write }
