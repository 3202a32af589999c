import type { JobResult } from '../../machine/init/api.ts'

/** Is told how a job ended. */
export type Done = (result: JobResult) => void

/** Who waits for a unit: for its start, for its stop, or until it has stopped and can be started. */
export class UnitJobs {
  #starters: Done[] = []
  #stoppers: Done[] = []
  #next: Done[] = []

  starts(done: Done): void {
    this.#starters.push(done)
  }

  stops(done: Done): void {
    this.#stoppers.push(done)
  }

  startsNext(done: Done): void {
    this.#next.push(done)
  }

  /** The start is over. */
  started(result: JobResult): void {
    for (const done of this.#starters.splice(0)) done(result)
  }

  /** A stop takes the place of every start that is not over. */
  cancelStarts(): void {
    for (const done of [...this.#starters.splice(0), ...this.#next.splice(0)]) done('canceled')
  }

  /** The unit has stopped. @returns who wants it to be started again */
  stopped(): readonly Done[] {
    for (const done of this.#stoppers.splice(0)) done('done')
    return this.#next.splice(0)
  }

  /** The power went: nobody waits any more. */
  forget(): void {
    this.#starters = []
    this.#stoppers = []
    this.#next = []
  }
}
