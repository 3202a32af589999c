import type { OutputChunk } from './bounded-output.ts'

/** The most characters that are queued. When a program prints faster than can be drawn, only the latest output is shown: more than a screen holds. */
const MOST_WAITING = 2_000_000

/** The output queue: the emulator gets one piece after the other, and has time to draw between them. */
export class OutputQueue {
  readonly #pieces: (text: string) => Iterator<OutputChunk>
  readonly #show: (text: string, shown: () => void) => void
  #texts: string[] = []
  #length = 0
  /** The rest of the text that is being shown. */
  #current: Iterator<OutputChunk> | undefined
  #busy = false

  /** `pieces` splits a text; `show` calls back when a piece is on the screen. */
  constructor(
    pieces: (text: string) => Iterator<OutputChunk>,
    show: (text: string, shown: () => void) => void,
  ) {
    this.#pieces = pieces
    this.#show = show
  }

  push(text: string): void {
    this.#texts.push(text.slice(-MOST_WAITING))
    this.#length += Math.min(text.length, MOST_WAITING)
    if (this.#length > MOST_WAITING) this.#drop()
    if (!this.#busy) this.#go()
  }

  /** Empties the queue. */
  clear(): void {
    this.#texts = []
    this.#length = 0
    this.#current = undefined
  }

  /** Drops half of the queue, so that this does not happen for every text. */
  #drop(): void {
    let first = 0
    while (this.#length > MOST_WAITING / 2 && first < this.#texts.length - 1) {
      this.#length -= this.#texts[first++]?.length ?? 0
    }
    this.#texts.splice(0, first)
  }

  #next(): string | undefined {
    for (;;) {
      const piece = this.#current?.next()
      if (piece?.done === false) return piece.value.text
      const text = this.#texts.shift()
      if (text === undefined) return undefined
      this.#length -= text.length
      this.#current = this.#pieces(text)
    }
  }

  #go(): void {
    const text = this.#next()
    this.#busy = text !== undefined
    if (text !== undefined) this.#show(text, () => this.#go())
  }
}
