import type { System } from '../../machine/system.ts'

/** Starts a wait: calls `resume` once, immediately or later. */
type Start = (resume: (value: unknown) => void) => void

/**
 * Steps that may wait for the machine in between. They are not promises: what need not wait is done immediately and in order, so a shell
 * depends only on what is typed and on the machine.
 */
export type Flow<T> = Generator<Start, T, unknown>

/** Waits inside a flow. */
export function* wait<T>(start: (resume: (value: T) => void) => void): Flow<T> {
  return (yield start) as T
}

/** Waits for this many virtual ms. */
export function* pause(system: System, ms: number): Flow<void> {
  yield* wait<undefined>((resume) => system.after(ms, () => resume(undefined)))
}

/** A running flow. */
export interface RunningFlow {
  /** Ends it where it waits; the result of the wait is ignored. */
  abandon(): void
  readonly over: boolean
}

/** Runs a flow to its end. `done` is not called when it is abandoned. */
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
      // A running generator cannot be ended from inside; it stops at its next wait.
      if (!running) flow.return(undefined as T)
    },
    get over() {
      return over
    },
  }
}
