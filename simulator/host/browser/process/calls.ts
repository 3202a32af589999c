import type { GuestInput, Json } from '../../virtual/guest.ts'
import type { Bridge } from './bridge.ts'

type Reply = GuestInput & { type: 'reply' }

/** Sends a call to the machine. */
type Send = (call: number, method: string, args: readonly Json[]) => void

/** What the application calls on the machine around it: a store, a database, mail, channels. The answers come as inputs of their own. */
export class Calls {
  readonly #send: Send
  readonly #open = new Map<number, PromiseWithResolvers<Json>>()
  readonly #hearers = new Map<string, ((text: string) => void)[]>()
  #next = 0

  constructor(send: Send) {
    this.#send = send
  }

  /** The functions that the application gets. */
  get helpers(): Pick<Bridge, 'store' | 'database' | 'send' | 'publish' | 'subscribe'> {
    const call = async <Value>(method: string, ...args: readonly Json[]): Promise<Value> =>
      (await this.#call(method, args)) as Value
    return {
      store: {
        get: async (key) => (await call<string | null>('store.get', key)) ?? undefined,
        set: async (key, value) => {
          await call('store.set', key, String(value))
        },
        incr: (key, by = 1) => call('store.incr', key, by),
        delete: (key) => call('store.delete', key),
        acquire: (key, ms) => call('store.acquire', key, ms),
      },
      database: {
        run: (sql) => call('database.run', sql),
        connect: async () => {
          await call('database.connect')
          return {
            run: (sql) => call('database.run', sql, true),
            close: async () => {
              await call('database.close')
            },
          }
        },
        migrate: (options = {}) => call('database.migrate', { ...options }),
      },
      send: async (text) => {
        await call('send', text)
      },
      publish: (channel, text) => call('publish', channel, text),
      subscribe: async (channel, hear) => {
        this.#hearers.set(channel, [...(this.#hearers.get(channel) ?? []), hear])
        await call('subscribe', channel)
      },
    }
  }

  #call(method: string, args: readonly Json[]): Promise<Json> {
    const call = this.#next++
    const answer = Promise.withResolvers<Json>()
    this.#open.set(call, answer)
    this.#send(call, method, args)
    return answer.promise
  }

  /** An answer came. */
  settle(reply: Reply): void {
    const answer = this.#open.get(reply.call)
    this.#open.delete(reply.call)
    if ('error' in reply) answer?.reject(new Error(reply.error))
    else answer?.resolve(reply.value)
  }

  /** Somebody published. */
  hear(channel: string, text: string): void {
    for (const hear of this.#hearers.get(channel) ?? []) hear(text)
  }
}
