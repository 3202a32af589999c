import type { Clock } from './clock.ts'
import { define } from './define.ts'

/** Node's limit: a longer delay, or one below 1 ms, is 1 ms. */
const LONGEST_MS = 2_147_483_647

/** The result of `setTimeout`: an object with the methods of Node's timers, which converts to a number as in browsers. */
class Timer {
  readonly id: number
  readonly run: () => void
  readonly repeatMs: number | undefined
  due: number

  constructor(id: number, run: () => void, due: number, repeatMs: number | undefined) {
    this.id = id
    this.run = run
    this.due = due
    this.repeatMs = repeatMs
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  [Symbol.toPrimitive](): number {
    return this.id
  }
}

/** The timers of a process, on its own clock. */
export class Timers {
  readonly #clock: Clock
  readonly #active = new Map<number, Timer>()
  #lastId = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(callback: unknown, delay: unknown, parameters: readonly unknown[], repeat: boolean): Timer {
    if (typeof callback !== 'function') {
      throw new TypeError(`a timer needs a function to call, but it got ${typeof callback}`)
    }
    const ms = Number(delay)
    const wait = ms >= 1 && ms <= LONGEST_MS ? Math.trunc(ms) : 1
    const run = () => void Reflect.apply(callback, globalThis, [...parameters])
    const timer = new Timer(++this.#lastId, run, this.#clock.now + wait, repeat ? wait : undefined)
    this.#active.set(timer.id, timer)
    return timer
  }

  clear(handle: unknown): void {
    this.#active.delete(Number(handle instanceof Timer ? handle.id : handle))
  }

  /** When the earliest is due. */
  get earliest(): number | undefined {
    let earliest: number | undefined
    for (const { due } of this.#active.values()) if (earliest === undefined || due < earliest) earliest = due
    return earliest
  }

  /** Removes and returns the next timer that is due by `now`; timers of the same time come in the order in which they were set. */
  take(now: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#active.values()) {
      if (timer.due <= now && (first === undefined || timer.due < first.due)) first = timer
    }
    if (first === undefined) return undefined
    this.#active.delete(first.id)
    if (first.repeatMs !== undefined) {
      first.due = this.#clock.now + first.repeatMs
      this.#active.set(first.id, first)
    }
    return first
  }

  clearAll(): void {
    this.#active.clear()
  }
}

/** Replaces the browser's timer functions by those of the process. */
export function replaceTimers(timers: Timers): void {
  const clear = (handle: unknown) => {
    timers.clear(handle)
  }
  define(globalThis, 'setTimeout', (callback: unknown, delay?: unknown, ...rest: unknown[]) =>
    timers.set(callback, delay, rest, false),
  )
  define(globalThis, 'setInterval', (callback: unknown, delay?: unknown, ...rest: unknown[]) =>
    timers.set(callback, delay, rest, true),
  )
  define(globalThis, 'setImmediate', (callback: unknown, ...rest: unknown[]) =>
    timers.set(callback, 0, rest, false),
  )
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) define(globalThis, name, clear)
  define(AbortSignal, 'timeout', (ms: number) => {
    const controller = new AbortController()
    const late = () => {
      controller.abort(new DOMException('The operation timed out.', 'TimeoutError'))
    }
    timers.set(late, ms, [], false)
    return controller.signal
  })
}
