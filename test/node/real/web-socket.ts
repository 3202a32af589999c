import type { WebSocketAct } from '../../conformance/recording/scenario.ts'
import type { Begun } from '../../conformance/replay/world.ts'

/** What a browser says when a connection ended without a close frame (RFC 6455, 7.4.1). */
const WITHOUT_FRAME = 1006

/** How long a client that closes waits for the server to do so too, in ms. */
const PATIENCE_MS = 10_000

/** The one WebSocket of a client, whose application sends back what it is sent. */
export class WebSocketClient {
  #socket: WebSocket | undefined
  #state = 'none'

  act(act: WebSocketAct, port: number): Begun {
    switch (act) {
      case 'open':
        return this.#open(port)
      case 'send':
        return this.#send()
      case 'close':
        return this.#leave()
      case 'look':
        return { result: this.#state }
    }
  }

  close(): void {
    this.#socket?.close()
  }

  #open(port: number): Begun {
    const begun: { result: string | undefined } = { result: undefined }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    const becomes = (state: string) => {
      this.#state = state
      begun.result ??= state
    }
    socket.addEventListener('open', () => becomes('open'))
    socket.addEventListener('close', ({ code }) =>
      becomes(
        this.#state === 'none' ? 'refused' : code === WITHOUT_FRAME ? 'cut off' : `closed with ${code}`,
      ),
    )
    this.#socket = socket
    return begun
  }

  #leave(): Begun {
    const begun: { result: string | undefined } = { result: undefined }
    this.#socket?.addEventListener('close', () => (begun.result ??= this.#state), { once: true })
    setTimeout(() => (begun.result ??= 'not closed'), PATIENCE_MS).unref()
    if (this.#state === 'open') this.#socket?.close(1000)
    else begun.result = this.#state
    return begun
  }

  #send(): Begun {
    const begun: { result: string | undefined } = { result: undefined }
    const text = 'hello'
    const end = (result: string) => (begun.result ??= result)
    this.#socket?.addEventListener('message', ({ data }) => end(data === text ? 'echoed' : String(data)), {
      once: true,
    })
    this.#socket?.addEventListener('close', () => end(this.#state), { once: true })
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
    else end(this.#state)
    return begun
  }
}
