import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { SWITCHING_PROTOCOLS } from '../../../simulator/host/virtual/connection.ts'
import type { WebSocketAct } from '../recording/scenario.ts'
import type { Begun } from './world.ts'

/** The one WebSocket of a client on a simulated machine. */
export class VirtualWebSocket {
  readonly #kernel: Kernel
  #id = 0
  #state = 'none'
  #heard: ((text: string) => void) | undefined

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  act(act: WebSocketAct, port: number): Begun {
    const begun: { result: string | undefined } = { result: undefined }
    switch (act) {
      case 'open':
        this.#open(port, (result) => (begun.result = result))
        return begun
      case 'send': {
        const text = 'hello'
        this.#heard = (heard) => (begun.result = heard === text ? 'echoed' : heard)
        this.#kernel.network.say(this.#id, text)
        return begun
      }
      case 'close':
        this.#state = this.#kernel.network.hangUp(this.#id) ? 'closed with 1000' : 'not closed'
        return { result: this.#state }
      case 'look':
        return { result: this.#state }
    }
  }

  #open(port: number, done: (result: string) => void): void {
    const becomes = (state: string) => (this.#state = state)
    this.#id = this.#kernel.request(
      { host: '127.0.0.1', port, method: 'GET', target: '/ws', upgrade: 'websocket' },
      {
        onHead: ({ status }) => done(becomes(status === SWITCHING_PROTOCOLS ? 'open' : 'refused')),
        onBody: (text) => this.#heard?.(text),
        onClose: (code) => becomes(`closed with ${code}`),
        onEnd: (end) => {
          if (end === 'cut-off') becomes('cut off')
          else if (this.#state === 'none') done(becomes('refused'))
        },
      },
    )
  }
}
