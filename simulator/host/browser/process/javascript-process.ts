import type { GuestAct, GuestInput, GuestTurn } from '../../virtual/guest.ts'
import { ImportError, importRefusal, isHelpers } from '../import-rules.ts'
import { pathOf } from '../module-path.ts'
import { importText } from '../sandbox/inside.ts'
import { findApp, type App } from './app.ts'
import type { ProcessSpec } from './process-spec.ts'
import { BRIDGE, HELPERS, openBridge } from './bridge.ts'
import { MachineCalls } from './machine-calls.ts'
import { Clock } from './clock.ts'
import { replaceConsole } from './console.ts'
import { OpenRequests } from './open-requests.ts'
import { replaceClocks } from './dates.ts'
import { define } from './define.ts'
import { isInspected, toExceptionInfo, type Code } from './frames.ts'
import { restrictGlobals } from './globals.ts'
import { serverSideMessages } from './messages.ts'
import { checkAmount, Memory } from './memory.ts'
import { trackPlatform } from './platform-waits.ts'
import { processObject } from './process-object.ts'
import { limitBuffers, RealMemory } from './real-memory.ts'
import { seedRandomness } from './randomness.ts'
import { Pending, untilRest } from './rest.ts'
import { replaceTimers, Timers } from './timers.ts'
import { TurnLimits } from './turn-limits.ts'

type Act = GuestAct extends infer Each ? (Each extends unknown ? Omit<Each, 'after'> : never) : never

/** Thrown to unwind the code that called `process.exit`. */
class ExitUnwind {}

/** The application of one process and all that it sees: the whole of a Web Worker. */
export class JavaScriptProcess {
  readonly #spec: ProcessSpec
  readonly #leave: (last: GuestTurn) => void
  readonly #clock = new Clock()
  readonly #timers = new Timers(this.#clock)
  readonly #pending = new Pending()
  readonly #memory = new Memory()
  readonly #limits: TurnLimits
  readonly #calls = new MachineCalls((call, method, args) => {
    this.#act({ type: 'call', call, method, args })
  })
  #code: Code
  #app: App | undefined
  #requests: OpenRequests | undefined
  #acts: GuestAct[] = []
  #ended = false
  #begun: () => void = () => undefined
  #helpers: string | undefined

  constructor(spec: ProcessSpec, leave: (last: GuestTurn) => void) {
    this.#spec = spec
    this.#leave = leave
    this.#limits = new TurnLimits(spec.words.limits)
    this.#code = { address: '', path: pathOf(spec), source: spec.source }
  }

  /** Gives the code one event; resolves when the code waits for the next one. */
  async turn(input: GuestInput): Promise<GuestTurn> {
    this.#clock.begin(input.now, input.epoch)
    this.#limits.begin()
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
        void this.#requests?.handle(input.request)
        return
      case 'client-gone':
        this.#requests?.abandon(input.id)
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
      ...(allocated === allocatedBefore ? {} : { memory: this.#spec.memory + allocated }),
    }
  }

  #act(act: Act): void {
    if (!this.#ended) this.#acts.push({ ...act, after: this.#clock.cpu })
  }

  /** The process ends itself. The page is told at once, since the code may go on for ever. */
  #end(act: Act): void {
    if (this.#ended) return
    this.#act(act)
    this.#ended = true
    this.#timers.clearAll()
    this.#leave(this.#collect())
  }

  #crash(error: unknown): void {
    if (error instanceof ExitUnwind) return
    this.#end({ type: 'crashed', raised: toExceptionInfo(error, this.#code) })
  }

  /** Replaces the globals, before the application is imported. The clock has the time of the import. */
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
    seedRandomness(this.#spec.chance)
    replaceTimers(this.#timers)
    const print = (stream: 'stdout' | 'stderr', printed: string) => {
      const text = this.#limits.print(printed)
      if (text !== undefined) this.#act({ type: 'print', stream, text })
    }
    replaceConsole(print, clock)
    const memory = () => this.#spec.memory + this.#memory.allocated
    const exit = (code: number): never => {
      this.#end({ type: 'exit', code })
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: nothing of it is ever shown
      throw new ExitUnwind()
    }
    define(globalThis, 'process', processObject(this.#spec, { clock, print, memory, exit }))
    replaceClocks(clock)
    limitBuffers(new RealMemory(this.#spec.words.limits))
    restrictGlobals(this.#spec.words)
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
    const { pieces, target, words } = this.#spec
    // Loading takes real time, which is not the application's: the turn waits until the module's own text begins to run.
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
      this.#requests = this.#requestsOf(found)
      this.#act({ type: 'imported' })
    } catch (error) {
      const kind = 'raised'
      this.#act({ type: 'import-failed', error: { kind, raised: toExceptionInfo(error, this.#code, true) } })
    } finally {
      loaded.resolve(undefined)
    }
  }

  #helperAddress(): string {
    this.#helpers ??= URL.createObjectURL(new Blob([HELPERS], { type: 'text/javascript' }))
    return this.#helpers
  }

  /** Runs for every `import(…)` of the text: only the helper module exists. */
  async #importModule(specifier: unknown): Promise<unknown> {
    const { file, words } = this.#spec
    if (isHelpers(String(specifier)))
      return this.#pending.track(import(/* @vite-ignore */ this.#helperAddress()))
    throw new ImportError(importRefusal(file, String(specifier), words))
  }

  #requestsOf(app: App): OpenRequests {
    return new OpenRequests(
      app,
      {
        head: (id, status, headers) => {
          this.#act({ type: 'head', id, status, headers })
        },
        body: (id, text) => {
          this.#act({ type: 'body', id, text: this.#limits.answer(text) })
        },
        end: (id) => {
          this.#act({ type: 'end', id })
        },
        raised: (id, error) => {
          this.#act({ type: 'request-raised', id, raised: toExceptionInfo(error, this.#code) })
        },
      },
      this.#spec.words.app,
    )
  }

  async #live(part: 'startup' | 'shutdown'): Promise<void> {
    try {
      await this.#app?.[part]?.()
      this.#act(part === 'startup' ? { type: 'started', supported: true } : { type: 'stopped' })
    } catch (error) {
      this.#act({ type: `${part}-failed`, raised: toExceptionInfo(error, this.#code) })
    }
  }

  /** Runs the timers that are due, one by one as a browser does: the microtasks of one are done before the next. */
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
