import { define, wrapMethod } from './define.ts'
import { isStreamed } from './messages.ts'
import type { Pending } from './rest.ts'

const BODY = ['text', 'json', 'arrayBuffer', 'blob', 'formData', 'bytes']
const SUBTLE = [
  'digest',
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'importKey',
  'exportKey',
  'deriveBits',
  'deriveKey',
]

/** Makes a turn wait for operations that the browser runs in other threads or processes. */
export function trackPlatform(pending: Pending): void {
  const track = (on: object, names: readonly string[]) => {
    for (const name of names) {
      wrapMethod(
        on,
        name,
        (own) =>
          function (...parameters) {
            const promise = Reflect.apply(own, this, parameters) as Promise<unknown>
            // A stream may be filled by the application's timers, in a later turn.
            return isStreamed(this) ? promise : pending.track(promise)
          },
      )
    }
  }
  track(Request.prototype, BODY)
  track(Response.prototype, BODY)
  track(Blob.prototype, BODY)
  if (typeof SubtleCrypto === 'function') track(SubtleCrypto.prototype, SUBTLE)
  // The stream of a blob comes from another process of the browser, chunk by chunk.
  define(Blob.prototype, 'stream', function (this: Blob) {
    return new ReadableStream({
      pull: async (controller) => {
        controller.enqueue(new Uint8Array(await this.arrayBuffer()))
        controller.close()
      },
    })
  })
}
