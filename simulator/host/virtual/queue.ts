import { Heap } from '../../machine/heap.ts'

/** An event that is scheduled. */
export interface ScheduledEvent {
  readonly at: number
  readonly order: number
  readonly run: () => void | Promise<void>
  /** Its index in the heap; -1 when it is not in the queue. */
  place: number
}

/** Events by virtual time; events of the same time in the order in which they were added. */
export class EventQueue {
  readonly #heap = new Heap<ScheduledEvent>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order))
  #order = 0

  get size(): number {
    return this.#heap.size
  }

  /** Adds an event. The result can be given to `cancel`. */
  push(at: number, run: () => void | Promise<void>): ScheduledEvent {
    const due: ScheduledEvent = { at, order: this.#order++, run, place: -1 }
    this.#heap.add(due)
    return due
  }

  /** Removes an event, if it is still in the queue. */
  cancel(due: ScheduledEvent | undefined): void {
    if (due !== undefined) this.#heap.remove(due)
  }

  /** When the next event is due, if there is one. */
  next(): number | undefined {
    return this.#heap.first?.at
  }

  /** Removes the next event and returns it. */
  pop(): ScheduledEvent | undefined {
    const { first } = this.#heap
    if (first !== undefined) this.#heap.remove(first)
    return first
  }
}
