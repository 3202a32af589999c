import type { Condition, ConditionState } from '../../../simulator/scenario/index.ts'

/** The least time between two announcements to screen readers, in ms. Changes in between are announced together. */
const PAUSE = 2000

/** Announces changes of a checkpoint's conditions to screen readers: without counts, and not too often. */
export class ConditionAnnouncer {
  readonly #changed: () => void
  #told: ReadonlyMap<string, ConditionState> | undefined
  #latest: readonly Condition[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #current: readonly Condition[] = []

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** The conditions to announce. */
  get current(): readonly Condition[] {
    return this.#current
  }

  /** Takes the current conditions. The first ones are not announced. */
  take(conditions: readonly Condition[]): void {
    this.#latest = conditions
    if (this.#timer !== undefined) return
    const told = this.#told
    const changes = conditions.filter(({ id, state }) => told !== undefined && told.get(id) !== state)
    this.#told = new Map(conditions.map(({ id, state }) => [id, state]))
    if (changes.length === 0) return
    this.#current = changes
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.take(this.#latest)
    }, PAUSE)
    this.#changed()
  }

  /** Starts over for another machine or another task. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#told = undefined
    this.#current = []
  }
}
