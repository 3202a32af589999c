import type { Endpoint } from 'comlink'
import type { GuestTurn } from '../../virtual/guest.ts'
import { fields, ownField, refused, text } from './checks.ts'
import { readTurn } from './read-turn.ts'

/** Callbacks to the owner of a worker, apart from the answers to its calls. */
export interface PortListener {
  /** The process ended itself; `last` is its last turn. */
  readonly left: (last: GuestTurn) => void
  /** The worker sent something that is neither an awaited answer nor a last turn. Later messages from it are ignored. */
  readonly broken: (error: unknown) => void
}

type Listener = Parameters<Endpoint['addEventListener']>[1]

/** The most characters of an exception's name and message that are accepted. */
const ERROR_TEXT = 10_000

/**
 * The page's end of the channel to a worker, as an endpoint for comlink's `wrap`. A learner's code may have changed everything in the
 * worker, so nothing that it sends reaches comlink as it is: each message is checked, and a new one is made from its known fields.
 */
export class CheckedPort implements Endpoint {
  readonly #port: MessagePort
  readonly #told: PortListener
  /** The functions whose answers are awaited, by comlink's message id. */
  readonly #awaited = new Map<string, string>()
  #listener: Listener | undefined
  #open = true

  constructor(port: MessagePort, told: PortListener) {
    this.#port = port
    this.#told = told
    port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
      this.#take(() => this.#read(data, ports))
    }
    port.onmessageerror = () => {
      this.#take(() => {
        throw refused('message', 'plain data', undefined)
      })
    }
  }

  postMessage(message: {
    readonly id: string
    readonly type: string
    readonly path?: readonly string[]
  }): void {
    if (message.type === 'APPLY') this.#awaited.set(message.id, message.path?.join('.') ?? '')
    this.#port.postMessage(message)
  }

  addEventListener(_type: string, listener: Listener): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  #take(read: () => void): void {
    if (!this.#open) return
    try {
      read()
    } catch (error) {
      this.#open = false
      this.#told.broken(error)
    }
  }

  #read(data: unknown, ports: readonly MessagePort[]): void {
    if (ports.length > 0) throw refused('message', 'no port', ports)
    const message = fields(data, 'message')
    const last = ownField(message, 'last')
    if (last !== undefined) {
      const turn = readTurn(last)
      this.#open = false
      return this.#told.left(turn)
    }
    const id = text(ownField(message, 'id'), 'id', 100)
    const called = this.#awaited.get(id)
    if (called === undefined) throw refused('id', 'that of a call', id)
    this.#awaited.delete(id)
    this.#answer({ id, ...answer(message, called) })
  }

  #answer(data: unknown): void {
    const event = new MessageEvent('message', { data })
    if (typeof this.#listener === 'function') this.#listener(event)
    else this.#listener?.handleEvent(event)
  }
}

/** The worker's answer in comlink's form: the function's result, or the exception that it threw. */
function answer(message: Readonly<Record<string, unknown>>, called: string): object {
  const type = ownField(message, 'type')
  const value = ownField(message, 'value')
  if (type === 'RAW') return { type, value: called === 'turn' ? readTurn(value) : undefined }
  const name = ownField(message, 'name')
  if (type !== 'HANDLER' || name !== 'throw') throw refused('type', 'an answer', type)
  const thrown = fields(ownField(fields(value, 'value'), 'value'), 'error')
  const error = {
    name: text(ownField(thrown, 'name'), 'error.name', ERROR_TEXT),
    message: text(ownField(thrown, 'message'), 'error.message', ERROR_TEXT),
  }
  return { type, name, value: { isError: true, value: error } }
}
