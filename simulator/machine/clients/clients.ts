import { draw } from '../../manager/random.ts'
import type { System } from '../system.ts'

/** How a handful of clients behave: each asks, waits for the answer, pauses, and asks again. Times in virtual ms. */
export interface ClientLoad {
  /** How many there are. */
  readonly clients: number
  readonly method: string
  readonly target: string
  /** The pause between an answer and the next request, drawn anew each time. */
  readonly pause: readonly [number, number]
  /** After so long without an answer a client gives up. */
  readonly patience: number
}

/** The clients of a simulated machine: a steady trickle of requests that can be turned on and off. */
export class Clients {
  readonly #system: System
  readonly #load: ClientLoad
  readonly #port: () => number | undefined
  #seed: number
  /** Counts the times it was turned on: a client of an earlier time stays silent. */
  #turn = 0
  #on = false

  /** `port` tells where the server listens, or last did; while it is unknown the clients wait. */
  constructor(system: System, load: ClientLoad, seed: number, port: () => number | undefined) {
    this.#system = system
    this.#load = load
    this.#seed = seed >>> 0
    this.#port = port
  }

  get on(): boolean {
    return this.#on
  }

  /** Turns them on or off; requests under way are finished. */
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
    const port = this.#port()
    if (port === undefined) return this.#rest(turn)
    const { method, target, patience } = this.#load
    this.#system.request(
      { host: '127.0.0.1', port, method, target, patience, headers: { host: `127.0.0.1:${port}` } },
      { onEnd: () => this.#rest(turn) },
    )
  }

  #chance(): number {
    const { value, seed } = draw(this.#seed)
    this.#seed = seed
    return value
  }
}
