import type { PyCallable, Pyodide } from 'pyodide/pyodide.mjs'
import type { GuestAct, GuestInput, GuestSpec, GuestTurn } from '../host/virtual/guest.ts'
import { Disk } from './disk.ts'
import { Stacks } from './stacks.ts'
import { limitHeap, replaceHost } from './world.ts'

/** What an interpreter needs to become a process of the simulated machine. */
export interface PythonSpec extends GuestSpec {
  /** Resident memory of a process before its application takes any, in bytes. */
  readonly memory: number
  /** The simulator's own messages in the reader's language, by key. */
  readonly sentences: Readonly<Record<string, string>>
}

/** How far a worker's heap may grow, in bytes. */
export const HEAP = 64 * 1024 * 1024

/** The functions of the Python module `server_workers.process`. */
interface Side {
  readonly begin: PyCallable
  readonly open_turn: PyCallable
  readonly feed: PyCallable
  readonly has_ready: PyCallable
  readonly collect: PyCallable
}

type Fed = readonly [kind: GuestInput['type'], given: string | number | undefined]

/**
 * The application of one process, in its own interpreter (on which `installLibrary` was called). It replaces the clocks and the random
 * numbers of the whole thread, so a thread has one interpreter only.
 */
export class PythonProcess {
  readonly #side: Side
  readonly #py: Pyodide
  readonly #cells: number
  readonly #stacks: Stacks | undefined
  readonly #disk: Disk
  readonly #pythonSpec: PythonSpec
  readonly #heapAtFirst: number
  #heap: number
  /** Events that arrived while the main thread slept. */
  readonly #waiting: Fed[] = []

  constructor(py: Pyodide, pythonSpec: PythonSpec) {
    this.#py = py
    this.#pythonSpec = pythonSpec
    this.#side = py.pyimport('server_workers.process') as unknown as Side
    const { clock } = py.pyimport('server_workers.clock') as unknown as { clock: { address(): number } }
    this.#cells = clock.address() / Float64Array.BYTES_PER_ELEMENT
    const now = (): number => this.#cell(0) + this.#cell(2) / 1000 + this.#cell(3)
    replaceHost(pythonSpec.chance, now, () => this.#cell(1) + now())
    this.#heapAtFirst = this.#heap = py._module.HEAP8.length
    limitHeap(this.#heapAtFirst + HEAP)
    this.#stacks = 'promising' in WebAssembly ? new Stacks(now) : undefined
    this.#disk = new Disk(py, () => this.#cell(2) / 1000 + this.#cell(3))
    const { sentences, memory: _, ...spec } = pythonSpec
    this.#side.begin(JSON.stringify({ ...spec, words: sentences }), this.#stacks, this.#disk)
    this.#disk.begin()
  }

  /** Gives the code one event; resolves when the code waits for the next one. */
  async turn(input: GuestInput): Promise<GuestTurn> {
    this.#disk.take(input.disk ?? [])
    this.#side.open_turn(input.now, input.epoch, JSON.stringify(input.locks ?? []))
    const stacks = this.#stacks
    if (stacks === undefined) this.#side.feed(...fed(input))
    else await this.#turnOn(stacks, input)
    return this.#collect()
  }

  async #turnOn(stacks: Stacks, input: GuestInput): Promise<void> {
    if (input.type === 'wake') await stacks.wake(() => this.#settle(stacks))
    this.#waiting.push(fed(input))
    while (stacks.mainUntil === undefined) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      await this.#feed(stacks, next)
    }
    // Timers are checked whenever the main thread is idle, so a wake-up need not be queued.
    const kept = this.#waiting.filter(([kind]) => kind !== 'wake')
    this.#waiting.splice(0, this.#waiting.length, ...kept)
    await this.#settle(stacks)
  }

  /** Runs the threads, and what they give the main thread to do, until all of them wait. */
  async #settle(stacks: Stacks): Promise<void> {
    for (;;) {
      const ran = await stacks.runThreads()
      if (stacks.mainUntil !== undefined || this.#side.has_ready() !== true) {
        if (!ran) return
        continue
      }
      await this.#feed(stacks, ['wake', undefined])
    }
  }

  #feed(stacks: Stacks, [kind, given]: Fed): Promise<void> {
    return stacks.runMain(() => this.#side.feed.callPromising(kind, given))
  }

  #collect(): GuestTurn {
    const turn = JSON.parse(String(this.#side.collect())) as {
      readonly acts: readonly GuestAct[]
      readonly cpu: number
      readonly wakeAt?: number
      readonly ended: boolean
    }
    const heldUntil = turn.ended ? undefined : this.#stacks?.mainUntil
    // While the main thread sleeps, the event loop's timers wait.
    const timers = heldUntil ?? turn.wakeAt
    const times = [timers, turn.ended ? undefined : this.#stacks?.earliest].filter(
      (each) => each !== undefined,
    )
    const heap = this.#py._module.HEAP8.length
    const grown = heap !== this.#heap
    this.#heap = heap
    return {
      acts: inOrder(this.#disk.written(), turn.acts),
      cpu: turn.cpu,
      ...(times.length === 0 ? {} : { wakeAt: Math.min(...times) }),
      ...(heldUntil === undefined ? {} : { heldUntil }),
      ...(grown ? { memory: this.#pythonSpec.memory + heap - this.#heapAtFirst } : {}),
    }
  }

  #cell(index: number): number {
    const { buffer } = this.#py._module.HEAP8
    return new Float64Array(buffer, (this.#cells + index) * Float64Array.BYTES_PER_ELEMENT, 1)[0] ?? 0
  }
}

/** What was written stands before what was done at the same time: who is answered finds it. */
function inOrder(written: readonly GuestAct[], acts: readonly GuestAct[]): readonly GuestAct[] {
  return written.length === 0 ? acts : [...written, ...acts].toSorted((a, b) => a.after - b.after)
}

function fed(input: GuestInput): Fed {
  if (input.type === 'request') return [input.type, JSON.stringify(input.request)]
  if (input.type === 'client-gone') return [input.type, input.id]
  return [input.type, undefined]
}
