/**
 * How many tasks of the browser a turn waits for after the last microtask. Reading a body in memory takes one or two,
 * a rejection that nobody caught is told after two; the rest is for streams through several of the browser's transformers.
 */
const QUIET_TASKS = 8

// Taken before the application can touch or see it.
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.onmessage = () => waiting.shift()?.()

/** Resolves in a new task of the browser: all microtasks before it have run. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    port2.postMessage(undefined)
  })
}

/**
 * What the code waits for from the browser itself, in real time: a module that is being loaded, the text of a body,
 * a digest. A turn is not over before it has come; else its result would depend on the machine's speed.
 */
export class Pending {
  #count = 0
  #last: Promise<unknown> = Promise.resolve()

  get count(): number {
    return this.#count
  }

  /**
   * The turn waits for this promise. What comes back settles as it does, but after all those that were tracked before:
   * which of them the browser has ready first is chance.
   */
  track<Value>(promise: Promise<Value>): Promise<Value> {
    this.#count += 1
    const inOrder = Promise.allSettled([this.#last, promise]).then(() => undefined)
    this.#last = inOrder.then(() => {
      this.#count -= 1
    })
    return inOrder.then(() => promise)
  }

  /** Resolves when there is nothing to wait for any more. */
  async settled(): Promise<void> {
    while (this.#count > 0) await this.#last
  }
}

/** Waits until the code rests: no microtask is left, and nothing comes from the browser any more. */
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
