/** An entry of a heap. It keeps its own index there, so that it can be removed from the middle; -1 while it is in no heap. */
export interface InHeap {
  place: number
}

/** A binary heap: the first entry can be read in O(1), any entry can be added or removed in O(log n). */
export class Heap<Entry extends InHeap> {
  readonly #entries: Entry[] = []
  readonly #before: (a: Entry, b: Entry) => boolean

  /** @param before a total order: whether `a` comes before `b` */
  constructor(before: (a: Entry, b: Entry) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#entries.length
  }

  get first(): Entry | undefined {
    return this.#entries[0]
  }

  add(entry: Entry): void {
    this.#rise(entry, this.#entries.length)
  }

  /** Removes an entry; does nothing when it is not in the heap. */
  remove(entry: Entry): void {
    const { place } = entry
    if (place < 0) return
    entry.place = -1
    const last = this.#entries.pop()
    if (last === undefined || last === entry) return
    const parent = place > 0 ? this.#entries[(place - 1) >> 1] : undefined
    if (parent !== undefined && this.#before(last, parent)) this.#rise(last, place)
    else this.#sink(last, place)
  }

  /** Moves an entry from index `from` towards the root until its parent comes before it. */
  #rise(entry: Entry, from: number): void {
    const entries = this.#entries
    let place = from
    while (place > 0) {
      const up = (place - 1) >> 1
      const parent = entries[up]
      if (parent === undefined || !this.#before(entry, parent)) break
      entries[place] = parent
      parent.place = place
      place = up
    }
    entries[place] = entry
    entry.place = place
  }

  /** Moves an entry from index `from` away from the root until it comes before both children. */
  #sink(entry: Entry, from: number): void {
    const entries = this.#entries
    let place = from
    for (;;) {
      const left = 2 * place + 1
      const one = entries[left]
      if (one === undefined) break
      const other = entries[left + 1]
      const right = other !== undefined && this.#before(other, one)
      const least = right ? other : one
      if (!this.#before(least, entry)) break
      entries[place] = least
      least.place = place
      place = right ? left + 1 : left
    }
    entries[place] = entry
    entry.place = place
  }
}
