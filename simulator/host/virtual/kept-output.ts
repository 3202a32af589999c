import type { OutputLine } from '../../machine/keeper/api.ts'
import type { Stream } from '../../manager/log.ts'

/** How many lines, or parts of lines, of a program's output are kept. */
const KEPT = 2000

/** The end of a kept program's output, part by part, over its restarts. */
export class KeptOutput {
  readonly #lines: OutputLine[] = []
  #next = 1

  write(at: number, stream: Stream, text: string): void {
    for (const part of text.split(/(?<=\n)/)) {
      if (part !== '') this.#lines.push({ number: this.#next++, at, stream, text: part })
    }
    if (this.#lines.length > KEPT) this.#lines.splice(0, this.#lines.length - KEPT)
  }

  get lines(): readonly OutputLine[] {
    return this.#lines
  }
}
