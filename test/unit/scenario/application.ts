import type {
  Guest,
  GuestAct,
  GuestFactory,
  GuestInput,
  GuestTurn,
} from '../../../simulator/host/virtual/guest.ts'
import { headerOf } from '../../../simulator/machine/network/headers.ts'
import type { ExceptionInfo } from '../../../simulator/manager/log.ts'

type Act = GuestAct extends infer Each ? (Each extends unknown ? Omit<Each, 'after'> : never) : never

interface App {
  fetch(request: Request): unknown
  startup?(): unknown
  shutdown?(): unknown
}

/** How far a read of the clock moves it inside a turn, as in the page (ms). */
const READ = 0.05
const MEMORY = 38_000_000

/**
 * The labs' own applications, run in this process: their text is what runs in the page's Web Workers; the clock, timers and random numbers
 * are the machine's. It is made for these texts only: nothing else of the environment is hidden from them.
 */
export const application: GuestFactory = (spec) => new ApplicationGuest(spec)

/** Unwinds the code that called `process.exit`. */
class Exited {}

class ApplicationGuest implements Guest {
  readonly #spec: Parameters<GuestFactory>[0]
  #acts: GuestAct[] = []
  #now = 0
  #cpu = 0
  #allocated = 0
  #seed: number
  #app: App | undefined
  #exited = false
  readonly #timers = new Map<number, { at: number; run: () => void; every?: number }>()
  readonly #hearers = new Map<string, ((text: string) => void)[]>()
  #nextTimer = 1
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>()
  #nextCall = 1

  constructor(spec: Parameters<GuestFactory>[0]) {
    this.#spec = spec
    this.#seed = Math.floor(spec.chance * 4294967296)
  }

  async turn(input: GuestInput): Promise<GuestTurn> {
    this.#now = input.now
    this.#cpu = 0
    const allocated = this.#allocated
    try {
      await this.#take(input)
    } catch (error) {
      if (!(error instanceof Exited)) throw error
    }
    const acts = this.#acts
    this.#acts = []
    const wakeAt = Math.min(...[...this.#timers.values()].map(({ at }) => at))
    return {
      acts,
      cpu: this.#cpu,
      ...(wakeAt === Infinity ? {} : { wakeAt }),
      ...(this.#allocated === allocated ? {} : { memory: MEMORY + this.#allocated }),
    }
  }

  end(): void {
    this.#timers.clear()
  }

  async #take(input: GuestInput): Promise<void> {
    switch (input.type) {
      case 'import':
        this.#import()
        return rest()
      case 'startup':
        return this.#live('startup')
      case 'shutdown':
        return this.#live('shutdown')
      case 'request':
        void this.#answer(input.request)
        return rest()
      case 'wake':
        return this.#wake(input.now)
      case 'client-gone':
        return
      case 'message':
        for (const hear of this.#hearers.get(input.channel) ?? []) hear(input.text)
        return rest()
      case 'reply': {
        const pending = this.#calls.get(input.call)
        this.#calls.delete(input.call)
        if ('error' in input) pending?.reject(new Error(input.error))
        else pending?.resolve(input.value)
        return rest()
      }
    }
  }

  #act(act: Act): void {
    if (!this.#exited) this.#acts.push({ ...act, after: this.#cpu })
  }

  #import(): void {
    const names = Object.entries(this.#world())
    const text = this.#spec.source
      .replace(/^import .* from 'server-workers\/lab'$/m, '')
      .replace(/^export const app/m, 'const app')
    try {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the labs' own texts, which are run as modules elsewhere
      const make = new Function(...names.map(([name]) => name), `${text}\nreturn app`) as (
        ...values: unknown[]
      ) => App
      this.#app = make(...names.map(([, value]) => value))
      this.#act({ type: 'imported' })
    } catch (error) {
      if (error instanceof Exited) return
      this.#act({ type: 'import-failed', error: { kind: 'raised', raised: raised(error) } })
    }
  }

  #world(): Readonly<Record<string, unknown>> {
    const read = (): number => {
      this.#cpu += READ
      return this.#now + this.#cpu
    }
    const timer = (run: () => void, ms: number, every?: number): number => {
      const id = this.#nextTimer++
      const at = this.#now + this.#cpu + Math.max(ms, 1)
      this.#timers.set(id, every === undefined ? { at, run } : { at, run, every })
      return id
    }
    const random = (): number => {
      this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0
      return this.#seed / 4294967296
    }
    const print = (...words: unknown[]): void =>
      this.#act({ type: 'print', stream: 'stdout', text: `${words.map(String).join(' ')}\n` })
    return {
      process: {
        pid: this.#spec.pid,
        env: this.#spec.env,
        exit: (code = 0) => {
          this.#act({ type: 'exit', code })
          this.#exited = true
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: it unwinds the code
          throw new Exited()
        },
      },
      Date: { now: read },
      Math: Object.assign(Object.create(Math) as Math, { random }),
      console: { log: print, error: print },
      setTimeout: timer,
      setInterval: (run: () => void, ms: number) => timer(run, ms, ms),
      clearTimeout: (id: number) => this.#timers.delete(id),
      clearInterval: (id: number) => this.#timers.delete(id),
      database: {
        run: (sql: string) => this.#call('database.run', [sql]),
        connect: async () => {
          await this.#call('database.connect', [])
          return {
            run: (sql: string) => this.#call('database.run', [sql, true]),
            close: () => this.#call('database.close', []),
          }
        },
        migrate: (options = {}) => this.#call('database.migrate', [options]),
      },
      store: {
        get: (key: string) => this.#call('store.get', [key]),
        incr: (key: string, by = 1) => this.#call('store.incr', [key, by]),
      },
      publish: (channel: string, text: string) => this.#call('publish', [channel, text]),
      subscribe: (channel: string, hear: (text: string) => void) => {
        this.#hearers.set(channel, [...(this.#hearers.get(channel) ?? []), hear])
        return this.#call('subscribe', [channel])
      },
      compute: (ms: number) => {
        this.#cpu += ms
      },
      allocate: (bytes: number) => {
        this.#allocated += bytes
      },
    }
  }

  #call(method: string, args: Extract<GuestAct, { type: 'call' }>['args']): Promise<unknown> {
    const call = this.#nextCall++
    const pending = Promise.withResolvers<unknown>()
    this.#calls.set(call, pending)
    this.#act({ type: 'call', call, method, args })
    return pending.promise
  }

  async #live(part: 'startup' | 'shutdown'): Promise<void> {
    const done = (async () => {
      try {
        await this.#app?.[part]?.()
        this.#act(part === 'startup' ? { type: 'started', supported: true } : { type: 'stopped' })
      } catch (error) {
        if (!(error instanceof Exited)) this.#act({ type: `${part}-failed`, raised: raised(error) })
      }
    })()
    void done
    return rest()
  }

  async #answer({
    id,
    method,
    target,
    headers,
    scheme = 'http',
  }: (GuestInput & { type: 'request' })['request']): Promise<void> {
    try {
      const request = new Request(`${scheme}://${headerOf(headers, 'host') ?? '127.0.0.1'}${target}`, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
      })
      const response = (await this.#app?.fetch(request)) as Response
      this.#act({ type: 'head', id, status: response.status, headers: [...response.headers] })
      this.#act({ type: 'body', id, text: await response.text() })
      this.#act({ type: 'end', id })
    } catch (error) {
      if (!(error instanceof Exited)) this.#act({ type: 'request-raised', id, raised: raised(error) })
    }
  }

  async #wake(now: number): Promise<void> {
    for (;;) {
      const due = [...this.#timers]
        .filter(([, { at }]) => at <= now)
        .toSorted(([, a], [, b]) => a.at - b.at)[0]
      if (due === undefined) return
      const [id, timer] = due
      if (timer.every === undefined) this.#timers.delete(id)
      else this.#timers.set(id, { ...timer, at: timer.at + timer.every })
      timer.run()
      await rest()
    }
  }
}

/** After two rounds of Node's loop the code has done everything that needs no timer: it has nothing else to wait for. */
async function rest(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve))
}

function raised(error: unknown): ExceptionInfo {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { name, message, frames: [] }
}
