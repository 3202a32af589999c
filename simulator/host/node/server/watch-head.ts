import { ServerResponse } from 'node:http'

type Send = (this: ServerResponse, ...args: unknown[]) => boolean
type WithSend = { _send: Send }

const inherited = (ServerResponse.prototype as unknown as WithSend)._send

/**
 * Calls `onHead` once, when the head of the response is sent. It wraps `_send`, through which everything written goes: an application may
 * set its head long before that. It is set on the object itself, because Express replaces its prototype.
 */
export function watchHead(response: ServerResponse, onHead: () => void): void {
  const watched = response as unknown as WithSend
  watched._send = function (...args) {
    watched._send = inherited
    const sent = inherited.apply(this, args)
    onHead()
    return sent
  }
}
