import type { GuestAct, GuestInput, GuestTurn } from '../../virtual/guest.ts'
import { ImportError, importRefusal, isHelpers } from '../import-rules.ts'
import { importText } from '../sandbox/inside.ts'
import { findApp, type App } from './app.ts'
import type { Birth } from './birth.ts'
import { BRIDGE, HELPERS, openBridge } from './bridge.ts'
import { Calls } from './calls.ts'
import { Clock } from './clock.ts'
import { replaceConsole } from './console.ts'
import { Conversations } from './conversations.ts'
import { replaceClocks } from './dates.ts'
import { define } from './define.ts'
import { isInspected, raised, type Code } from './frames.ts'
import { closeTheWorld } from './globals.ts'
import { serverSideMessages } from './messages.ts'
import { checkAmount, Memory } from './memory.ts'
import { trackPlatform } from './platform-waits.ts'
import { processObject } from './process-object.ts'
import { seedRandomness } from './randomness.ts'
import { Pending, untilRest } from './rest.ts'
import { replaceTimers, Timers } from './timers.ts'

type Act = GuestAct extends infer Each ? (Each extends unknown ? Omit<Each, 'after'> : never) : never

/** Unwinds the code that called `process.exit`. */
class Exited {}

/** The application of one process, and the world that it sees: all of a Web Worker. */
export class Program {
  readonly #birth: Birth
  readonly #leave: (last: GuestTurn) => void
  readonly #clock = new Clock()
  readonly #timers = new Timers(this.#clock)
  readonly #pending = new Pending()
  readonly #memory = new Memory()
  readonly #calls = new Calls((call, method, args) => {
    this.#act({ type: 'call', call, method, args })
  })
  #code: Code
  #app: App | undefined
  #conversations: Conversations | undefined
  #acts: GuestAct[] = []
  #ended = false
  #begun: () => void = () => undefined
  #helpers: string | undefined

  constructor(birth: Birth, leave: (last: GuestTurn) => void) {
    this.#birth = birth
    this.#leave = leave
    this.#code = { address: '', path: `${birth.cwd}/${birth.file}`, source: birth.source }
  }

  /** One thing happens to the code; resolves when it rests again. */
  async turn(input: GuestInput): Promise<GuestTurn> {
    this.#clock.begin(input.now, input.epoch)
    const allocated = this.#memory.allocated
    await this.#take(input)
    await untilRest(this.#pending)
    return this.#collect(allocated)
  }

  async #take(input: GuestInput): Promise<void> {
    switch (input.type) {
      case 'import':
        this.#setUp()
        void this.#import()
        return
      case 'startup':
        void this.#live('startup')
        return
      case 'shutdown':
        void this.#live('shutdown')
        return
      case 'request':
        void this.#conversations?.answer(input.request)
        return
      case 'client-gone':
        this.#conversations?.abandon(input.id)
        return
      case 'reply':
        this.#calls.settle(input)
        return
      case 'message':
        try {
          this.#calls.hear(input.channel, input.text)
        } catch (error) {
          this.#crash(error)
        }
        return
      case 'wake':
        return this.#wake(input.now)
    }
  }

  #collect(allocatedBefore?: number): GuestTurn {
    const acts = this.#acts
    this.#acts = []
    const { cpu } = this.#clock
    const { allocated } = this.#memory
    const wakeAt = this.#timers.earliest
    return {
      acts,
      cpu,
      ...(wakeAt === undefined ? {} : { wakeAt }),
      ...(allocated === allocatedBefore ? {} : { memory: this.#birth.memory + allocated }),
    }
  }

  #act(act: Act): void {
    if (!this.#ended) this.#acts.push({ ...act, after: this.#clock.cpu })
  }

  /** The process ends itself: said at once, since the code may go on for ever. */
  #end(act: Act): void {
    if (this.#ended) return
    this.#act(act)
    this.#ended = true
    this.#timers.clearAll()
    this.#leave(this.#collect())
  }

  #crash(error: unknown): void {
    if (error instanceof Exited) return
    this.#end({ type: 'crashed', raised: raised(error, this.#code) })
  }

  /** Everything that the application finds when it begins to run. The clock stands at the time of its import. */
  #setUp(): void {
    const clock = this.#clock
    Error.stackTraceLimit = 50
    addEventListener('error', (event) => {
      event.preventDefault()
      if (!isInspected(event.error)) this.#crash(event.error)
    })
    addEventListener('unhandledrejection', (event) => {
      event.preventDefault()
      this.#crash(event.reason)
    })
    trackPlatform(this.#pending)
    serverSideMessages()
    seedRandomness(this.#birth.chance)
    replaceTimers(this.#timers)
    const print = (stream: 'stdout' | 'stderr', text: string) => {
      this.#act({ type: 'print', stream, text })
    }
    replaceConsole(print, clock)
    const memory = () => this.#birth.memory + this.#memory.allocated
    const exit = (code: number): never => {
      this.#end({ type: 'exit', code })
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: nothing of it is ever shown
      throw new Exited()
    }
    define(globalThis, 'process', processObject(this.#birth, { clock, print, memory, exit }))
    replaceClocks(clock)
    closeTheWorld(this.#birth.words)
    openBridge({
      begun: () => {
        this.#begun()
      },
      importModule: (specifier) => this.#importModule(specifier),
      compute: (ms) => {
        checkAmount('compute', 'milliseconds', ms)
        clock.compute(ms)
      },
      allocate: (bytes) => {
        this.#memory.allocate(bytes)
      },
      ...this.#calls.helpers,
    })
  }

  async #import(): Promise<void> {
    const { pieces, target, words } = this.#birth
    // Loading takes real time, running does not: the turn waits until the module's own text begins to run.
    const loaded = Promise.withResolvers<undefined>()
    void this.#pending.track(loaded.promise)
    this.#begun = () => {
      loaded.resolve(undefined)
    }
    try {
      const text = `${BRIDGE}.begun();${pieces.join(pieces.length > 1 ? this.#helperAddress() : '')}`
      const exports = await importText(text, (address) => {
        this.#code = { ...this.#code, address }
      })
      const found = await findApp(exports, target, words)
      if ('kind' in found) {
        this.#act({ type: 'import-failed', error: found })
        return
      }
      this.#app = found
      this.#conversations = this.#conversationsOf(found)
      this.#act({ type: 'imported' })
    } catch (error) {
      const kind = 'raised'
      this.#act({ type: 'import-failed', error: { kind, raised: raised(error, this.#code, true) } })
    } finally {
      loaded.resolve(undefined)
    }
  }

  #helperAddress(): string {
    this.#helpers ??= URL.createObjectURL(new Blob([HELPERS], { type: 'text/javascript' }))
    return this.#helpers
  }

  /** `import(…)` in the text. Only the helpers can be had. */
  async #importModule(specifier: unknown): Promise<unknown> {
    const { file, words } = this.#birth
    if (isHelpers(String(specifier)))
      return this.#pending.track(import(/* @vite-ignore */ this.#helperAddress()))
    throw new ImportError(importRefusal(file, String(specifier), words))
  }

  #conversationsOf(app: App): Conversations {
    return new Conversations(
      app,
      {
        head: (id, status, headers) => {
          this.#act({ type: 'head', id, status, headers })
        },
        body: (id, text) => {
          this.#act({ type: 'body', id, text })
        },
        end: (id) => {
          this.#act({ type: 'end', id })
        },
        raised: (id, error) => {
          this.#act({ type: 'request-raised', id, raised: raised(error, this.#code) })
        },
      },
      this.#birth.words.app,
    )
  }

  async #live(part: 'startup' | 'shutdown'): Promise<void> {
    try {
      await this.#app?.[part]?.()
      this.#act(part === 'startup' ? { type: 'started', supported: true } : { type: 'stopped' })
    } catch (error) {
      this.#act({ type: `${part}-failed`, raised: raised(error, this.#code) })
    }
  }

  /** Every timer runs by itself, as in a browser: what it leaves to microtasks is done before the next. */
  async #wake(now: number): Promise<void> {
    for (let timer = this.#timers.take(now); timer !== undefined; timer = this.#timers.take(now)) {
      try {
        timer.run()
      } catch (error) {
        this.#crash(error)
      }
      await untilRest(this.#pending)
    }
  }
}
