import { draw } from '../../manager/random.ts'
import type { ClientRequest, System } from '../system.ts'

/** How clients behave: each sends a request, waits for the response, pauses, and sends the next. Times in virtual ms. */
export interface ClientLoad {
  /** The number of clients. */
  readonly clients: number
  readonly method: string
  readonly target: string
  /** The pause between a response and the next request, drawn anew each time. */
  readonly pause: readonly [number, number]
  /** A client gives up when it has no response after this long. */
  readonly patience: number
}

/** The address that clients connect to. */
export type Address = Pick<ClientRequest, 'host' | 'port' | 'secure' | 'from'>

/** The clients of a simulated machine: steady requests that can be turned on and off. */
export class Clients {
  readonly #system: System
  readonly #load: ClientLoad
  readonly #to: () => Address | undefined
  #seed: number
  /** Counts how often they were turned on: a timer from before the last time does nothing. */
  #turn = 0
  #on = false

  /** @param to the address on which the server listens, or last listened; while there is none, the clients wait */
  constructor(system: System, load: ClientLoad, seed: number, to: () => Address | undefined) {
    this.#system = system
    this.#load = load
    this.#seed = seed >>> 0
    this.#to = to
  }

  get on(): boolean {
    return this.#on
  }

  /** Turns them on or off; requests in progress are finished. */
  set on(on: boolean) {
    if (on === this.#on) return
    this.#on = on
    this.#turn += 1
    if (!on) return
    for (let client = 0; client < this.#load.clients; client++) this.#rest(this.#turn)
  }

  #rest(turn: number): void {
    const [shortest, longest] = this.#load.pause
    this.#system.after(shortest + this.#chance() * (longest - shortest), () => this.#ask(turn))
  }

  #ask(turn: number): void {
    if (turn !== this.#turn || !this.#on) return
    const to = this.#to()
    if (to === undefined) return this.#rest(turn)
    const { method, target, patience } = this.#load
    this.#system.request(
      { ...to, method, target, patience, headers: [['host', hostHeader(to)]] },
      { onEnd: () => this.#rest(turn) },
    )
  }

  #chance(): number {
    const { value, seed } = draw(this.#seed)
    this.#seed = seed
    return value
  }
}

/** The value of a client's `Host:` header: without the port where that is the scheme's default. */
export function hostHeader({ host, port, secure = false }: Address): string {
  return port === (secure ? 443 : 80) ? host : `${host}:${port}`
}
