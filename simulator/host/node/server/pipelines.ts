import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Responses to pipelined requests: Node starts them all and sends them in order. */
export class Pipelines {
  readonly #queues = new Map<Socket, ServerResponse[]>()

  /** The responses that wait behind the one being sent on a connection, in order. */
  behind(socket: Socket | null): readonly ServerResponse[] {
    return (socket === null ? undefined : this.#queues.get(socket)) ?? []
  }

  /**
   * Adds a response that waits. `closes`: each response closes its connection; the one ahead of a waiting one must not.
   *
   * @returns false when the one ahead has already sent `Connection: close`.
   */
  add(socket: Socket, response: ServerResponse, closes: boolean): boolean {
    const queue = this.#queues.get(socket) ?? []
    const ahead = queue.at(-1) ?? answerOf(socket)
    if (closes && ahead !== undefined) {
      if (isLast(ahead)) return false
      ahead.shouldKeepAlive = true
    }
    if (queue.length === 0) this.#queues.set(socket, queue)
    queue.push(response)
    response.once('close', () => this.#remove(socket, response))
    return true
  }

  #remove(socket: Socket, response: ServerResponse): void {
    const left = this.behind(socket).filter((other) => other !== response)
    if (left.length === 0) this.#queues.delete(socket)
    else this.#queues.set(socket, left)
  }
}

// Node has no public names for these.

function answerOf(socket: Socket): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}

/** Its head is out, with `Connection: close` in it. */
function isLast(response: ServerResponse): boolean {
  return response.headersSent && (response as { _last?: boolean })._last === true
}
