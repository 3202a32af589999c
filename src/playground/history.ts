import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { EMPTY, fold, type Picture } from '../../simulator/machine/view/index.ts'

/** A picture is kept so often, in events: looking back folds no more than these anew. */
const EVERY = 256

interface Kept {
  /** How many events it is folded from. */
  readonly count: number
  readonly picture: Picture
}

/** The pictures of a machine's whole life, folded from its trace as that grows. */
export class History {
  readonly trace: TraceEvent[] = []
  readonly #kept: Kept[] = [{ count: 0, picture: EMPTY }]
  readonly #shown = new Map<string, { readonly at: number; readonly text: string }[]>()
  picture: Picture = EMPTY

  take(event: TraceEvent): void {
    this.trace.push(event)
    this.picture = fold(this.picture, event)
    if (this.trace.length % EVERY === 0) this.#kept.push({ count: this.trace.length, picture: this.picture })
    if ((event.type === 'output' || event.type === 'echo') && event.terminal !== undefined) {
      const shown = this.#shown.get(event.terminal)
      if (shown === undefined) this.#shown.set(event.terminal, [{ at: event.at, text: event.text }])
      else shown.push({ at: event.at, text: event.text })
    }
  }

  /** The picture as it was at a virtual time (ms). */
  at(time: number): Picture {
    const count = this.#count(time)
    const kept = this.#kept[Math.floor(count / EVERY)] ?? { count: 0, picture: EMPTY }
    return { ...this.trace.slice(kept.count, count).reduce(fold, kept.picture), now: time }
  }

  /** What a terminal had shown by a virtual time: the last `most` pieces of it. */
  screen(terminal: string, time: number, most: number): string {
    const shown = this.#shown.get(terminal) ?? []
    const end = shown.findLastIndex(({ at }) => at <= time) + 1
    return shown
      .slice(Math.max(0, end - most), end)
      .map(({ text }) => text)
      .join('')
  }

  /** The moment of the next event, or of the one before: where there is something to see. */
  neighbour(time: number, direction: 1 | -1): number | undefined {
    const count = this.#count(time)
    if (direction === 1) return this.trace[count]?.at
    let index = count - 1
    while (index >= 0 && (this.trace[index]?.at ?? 0) >= time) index -= 1
    return this.trace[index]?.at
  }

  /** How many events had happened by a time: the trace is in the order of time. */
  #count(time: number): number {
    let low = 0
    let high = this.trace.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.trace[middle]?.at ?? 0) <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}
