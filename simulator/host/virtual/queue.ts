/** Something that is due at a virtual time. */
export interface Due {
  readonly at: number
  readonly order: number
  run: (() => void | Promise<void>) | undefined
}

/** Events by virtual time, those of the same time in the order in which they were put in: a binary heap. */
export class EventQueue {
  readonly #heap: Due[] = []
  #order = 0
  /** About how many of them were taken back. */
  #empty = 0

  /** How many entries it holds, those that were taken back included. */
  get size(): number {
    return this.#heap.length
  }

  /** Puts `run` in at time `at`; the answer can be given to `cancel`. */
  push(at: number, run: () => void | Promise<void>): Due {
    const due: Due = { at, order: this.#order++, run }
    this.#heap.push(due)
    this.#up(this.#heap.length - 1)
    return due
  }

  /** Takes an event back. It stays in the heap as an empty entry, until its time or until half of the heap is like that. */
  cancel(due: Due | undefined): void {
    if (due?.run === undefined) return
    due.run = undefined
    this.#empty += 1
    if (this.#empty > 256 && this.#empty * 2 > this.#heap.length) this.#sweep()
  }

  #sweep(): void {
    const full = this.#heap.filter(({ run }) => run !== undefined)
    this.#heap.length = 0
    this.#empty = 0
    for (const due of full) {
      this.#heap.push(due)
      this.#up(this.#heap.length - 1)
    }
  }

  /** When the next event is due; nothing when there is none. */
  next(): number | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].run === undefined) {
      this.#take()
      this.#empty = Math.max(0, this.#empty - 1)
    }
    return this.#heap[0]?.at
  }

  /** Takes the next event out. */
  pop(): Due | undefined {
    return this.next() === undefined ? undefined : this.#take()
  }

  #take(): Due | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first !== undefined && last !== undefined && first !== last) {
      this.#heap[0] = last
      this.#down(0)
    }
    return first
  }

  #up(start: number): void {
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#before(index, parent)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #down(start: number): void {
    let index = start
    for (;;) {
      const left = 2 * index + 1
      const right = left + 1
      let least = index
      if (left < this.#heap.length && this.#before(left, least)) least = left
      if (right < this.#heap.length && this.#before(right, least)) least = right
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#heap[a]
    const right = this.#heap[b]
    if (left === undefined || right === undefined) return false
    return left.at < right.at || (left.at === right.at && left.order < right.order)
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a]
    const right = this.#heap[b]
    if (left === undefined || right === undefined) return
    this.#heap[a] = right
    this.#heap[b] = left
  }
}
