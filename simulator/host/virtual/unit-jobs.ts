import type { UnitJobResult } from '../../machine/init/api.ts'

/** Is told how a job ended. */
export type OnJobResult = (result: UnitJobResult) => void

/** Who waits for a unit: for its start, for its stop, or until it has stopped and can be started. */
export class UnitJobs {
  #starters: OnJobResult[] = []
  #stoppers: OnJobResult[] = []
  #next: OnJobResult[] = []

  starts(done: OnJobResult): void {
    this.#starters.push(done)
  }

  stops(done: OnJobResult): void {
    this.#stoppers.push(done)
  }

  startsNext(done: OnJobResult): void {
    this.#next.push(done)
  }

  /** The start is over. */
  started(result: UnitJobResult): void {
    for (const done of this.#starters.splice(0)) done(result)
  }

  /** A stop takes the place of every start that is not over. */
  cancelStarts(): void {
    for (const done of [...this.#starters.splice(0), ...this.#next.splice(0)]) done('canceled')
  }

  /** The unit has stopped. @returns who wants it to be started again */
  stopped(): readonly OnJobResult[] {
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
