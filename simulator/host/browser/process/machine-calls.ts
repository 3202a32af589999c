import type { GuestInput, Json } from '../../virtual/guest.ts'
import type { Bridge } from './bridge.ts'

type Reply = GuestInput & { type: 'reply' }

/** Sends a call to the machine. */
type Send = (call: number, method: string, args: readonly Json[]) => void

/** The application's calls to the machine around it: store, database, mail, channels. Each answer arrives as an input of a later turn. */
export class MachineCalls {
  readonly #send: Send
  readonly #open = new Map<number, PromiseWithResolvers<Json>>()
  readonly #hearers = new Map<string, ((text: string) => void)[]>()
  #next = 0

  constructor(send: Send) {
    this.#send = send
  }

  /** The functions of the helper module. */
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
    this.#send(call, method, args.map(plain))
    return answer.promise
  }

  /** The machine answered a call. */
  settle(reply: Reply): void {
    const answer = this.#open.get(reply.call)
    this.#open.delete(reply.call)
    if ('error' in reply) answer?.reject(new Error(reply.error))
    else answer?.resolve(reply.value)
  }

  /** A message was published on a channel. */
  hear(channel: string, text: string): void {
    for (const hear of this.#hearers.get(channel) ?? []) hear(text)
  }
}

/** A value of the application as plain data; what JSON has no form for becomes a string. */
function plain(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString()
  return JSON.parse(JSON.stringify(value) ?? 'null') as Json
}
