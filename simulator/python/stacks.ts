import type { PyCallable } from 'pyodide/pyodide.mjs'

/** A suspended stack, which is resumed at its time. */
interface Resting {
  readonly due: number
  readonly order: number
  readonly isMain: boolean
  readonly goOn: () => void
}

/**
 * The stacks of one interpreter: that of its main thread, and one for each other thread. One runs at a time, until it ends or is
 * suspended; the next one is chosen by the order of the requests alone, so every run is the same.
 */
export class Stacks {
  readonly #now: () => number
  #resting: Resting[] = []
  #ready: (() => Promise<unknown>)[] = []
  #order = 0
  #isMain = true
  #mainUntil: number | undefined
  #stopped: () => void = () => undefined

  /** @param now virtual time within the turn, in ms */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Until when the main thread sleeps (virtual ms); it handles no events until then. */
  get mainUntil(): number | undefined {
    return this.#mainUntil
  }

  /** When the next stack is to be resumed (virtual ms). */
  get earliest(): number | undefined {
    return this.#resting.length === 0 ? undefined : Math.min(...this.#resting.map(({ due }) => due))
  }

  /** Called from Python: suspends the running stack for this many ms. */
  block(ms: number): Promise<void> {
    const due = this.#now() + ms
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#resting.push({ due, order: this.#order++, isMain: this.#isMain, goOn: resolve })
    if (this.#isMain) this.#mainUntil = due
    // After Python has suspended the stack.
    queueMicrotask(this.#stopped)
    return promise
  }

  /** Called from Python: runs a job on a new stack, once the others wait. */
  spawn(job: PyCallable): void {
    const own = job.copy()
    this.#ready.push(async () => {
      try {
        await own.callPromising()
      } finally {
        own.destroy()
      }
    })
  }

  /** Runs the main thread until it ends or is suspended. Rejects with what it throws. */
  async runMain(job: () => Promise<unknown>): Promise<void> {
    await this.#run(true, (stopped, failed) => {
      job().then(stopped, failed)
    })
  }

  /** Runs the threads that were started until all of them wait. @returns whether there were any */
  async runThreads(): Promise<boolean> {
    let ran = false
    for (let job = this.#ready.shift(); job !== undefined; job = this.#ready.shift()) {
      const start = job
      await this.#run(false, (stopped, failed) => {
        start().then(stopped, failed)
      })
      ran = true
    }
    return ran
  }

  /** Resumes the stacks that are due, one after the other, and calls `settle` after each. */
  async wake(settle: () => Promise<void>): Promise<void> {
    const due = this.#resting
      .filter((each) => each.due <= this.#now() + 1e-6)
      .sort((a, b) => a.due - b.due || a.order - b.order)
    this.#resting = this.#resting.filter((each) => !due.includes(each))
    for (const { isMain, goOn } of due) {
      if (isMain) this.#mainUntil = undefined
      await this.#run(isMain, goOn)
      await settle()
    }
  }

  async #run(
    isMain: boolean,
    start: (stopped: () => void, failed: (error: unknown) => void) => void,
  ): Promise<void> {
    this.#isMain = isMain
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#stopped = resolve
    start(() => this.#stopped(), reject)
    await promise
  }
}
