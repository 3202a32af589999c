/**
 * How many tasks of the browser a turn waits for after the last microtask. Reading a body in memory takes one or two, an unhandled
 * rejection is reported after two; the rest is for streams through several of the browser's transformers.
 */
const QUIET_TASKS = 8

// Saved before the application can replace it.
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.onmessage = () => waiting.shift()?.()

/** Resolves in a new task of the browser, after all microtasks. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    port2.postMessage(undefined)
  })
}

/**
 * Operations of the browser that the code waits for in real time: loading a module, reading a body, a digest. A turn is over only when
 * they are, or its result would depend on the speed of the reader's computer.
 */
export class Pending {
  #count = 0
  #last: Promise<unknown> = Promise.resolve()

  get count(): number {
    return this.#count
  }

  /**
   * Makes the turn wait for this promise. The promise that is returned settles like it, but after all those that were tracked before:
   * which of them the browser finishes first is chance.
   */
  track<Value>(promise: Promise<Value>): Promise<Value> {
    this.#count += 1
    const inOrder = Promise.allSettled([this.#last, promise]).then(() => undefined)
    this.#last = inOrder.then(() => {
      this.#count -= 1
    })
    return inOrder.then(() => promise)
  }

  /** Resolves when nothing is pending. */
  async settled(): Promise<void> {
    while (this.#count > 0) await this.#last
  }
}

/** Resolves when the code is idle: no microtask is left, and no operation of the browser is pending. */
export async function untilRest(pending: Pending): Promise<void> {
  let quiet = 0
  while (quiet < QUIET_TASKS) {
    await nextTask()
    quiet += 1
    if (pending.count === 0) continue
    await pending.settled()
    quiet = 0
  }
}
