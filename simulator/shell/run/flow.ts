/** Something that is being waited for: it calls `resume` once, at once or later. */
type Start = (resume: (value: unknown) => void) => void

/**
 * Steps that may wait for the machine in between. They are no promises: what need not wait is done at once, in order, so
 * that a shell is a function of what is typed and of the machine alone.
 */
export type Flow<T> = Generator<Start, T, unknown>

/** Waits inside a flow. */
export function* wait<T>(start: (resume: (value: T) => void) => void): Flow<T> {
  return (yield start) as T
}

/** A flow on its way. */
export interface RunningFlow {
  /** Ends it where it waits; what it waited for is not heard of any more. */
  abandon(): void
  readonly over: boolean
}

/** Lets a flow go until it is over. `done` is not called when it is abandoned. */
export function drive<T>(flow: Flow<T>, done: (value: T) => void): RunningFlow {
  let over = false
  let running = false
  let waiting = false
  let answer: unknown
  const go = (): void => {
    if (running) return
    running = true
    while (!over && !waiting) {
      const { done: finished, value } = flow.next(answer)
      if (finished === true) {
        over = true
        running = false
        done(value)
        return
      }
      waiting = true
      let heard = false
      value((result) => {
        if (heard || over) return
        heard = true
        answer = result
        waiting = false
        go()
      })
    }
    running = false
  }
  go()
  return {
    abandon() {
      if (over) return
      over = true
      // Inside its own turn a generator cannot be ended; it stops at its next wait.
      if (!running) flow.return(undefined as T)
    },
    get over() {
      return over
    },
  }
}
