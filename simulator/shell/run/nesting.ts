import type { ExecutionContext } from './context.ts'
import type { Flow } from './flow.ts'
import { ShellExit } from './leaving.ts'

/** The deepest nesting of scripts, groups and substitutions. */
const DEEPEST = 40

/** Counts the nesting of commands, so that a script that runs itself is stopped. */
export class Nesting {
  #depth = 0

  #deeper(context: ExecutionContext): void {
    if (++this.#depth <= DEEPEST) return
    this.#depth = 0
    context.stderr.write(`${context.speaker}maximum nesting level exceeded (${DEEPEST})\n`, 0)
    throw new ShellExit(2)
  }

  /** Runs something one level further down. */
  *within<T>(context: ExecutionContext, flow: () => Flow<T>): Flow<T> {
    this.#deeper(context)
    try {
      return yield* flow()
    } finally {
      this.#depth -= 1
    }
  }
}
