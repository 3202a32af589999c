import type { Key } from '../editor/keys.ts'
import type { Reader, Source } from './streams.ts'

/** How a program reads the keyboard: whole lines that the terminal edits, or every key (top, less). */
export type InputMode = 'lines' | 'keys' | undefined

interface Waiting {
  readonly pid: number
  readonly reader?: Reader
  readonly onKey?: (key: Key) => void
}

/** The keyboard of a terminal. The program that began to read last gets the input. */
export class Keyboard implements Source {
  readonly terminal = true
  readonly #waiting: Waiting[] = []

  read(reader: Reader, pid = 0): () => void {
    return this.#add({ pid, reader })
  }

  /** Passes every key to `onKey` until the returned function is called. */
  keys(onKey: (key: Key) => void, pid: number): () => void {
    return this.#add({ pid, onKey })
  }

  get reading(): InputMode {
    const last = this.#waiting.at(-1)
    if (last === undefined) return undefined
    return last.onKey === undefined ? 'lines' : 'keys'
  }

  line(text: string): void {
    this.#waiting.at(-1)?.reader?.text(text)
  }

  /** Ctrl+D. */
  end(): void {
    const last = this.#waiting.at(-1)
    if (last?.reader === undefined) return
    this.#waiting.pop()
    last.reader.end()
  }

  key(key: Key): void {
    this.#waiting.at(-1)?.onKey?.(key)
  }

  #add(waiting: Waiting): () => void {
    this.#waiting.push(waiting)
    return () => {
      const index = this.#waiting.indexOf(waiting)
      if (index >= 0) this.#waiting.splice(index, 1)
    }
  }
}
