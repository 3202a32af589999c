import { stripAnsi } from '../../terminal/index.ts'
import { erase, layout, show, type Layout } from './layout.ts'

/** A line with its cursor. */
interface Line {
  readonly text: string
  readonly cursor: number
}

/** The line being typed as it is drawn on the screen. The methods return what to send to the terminal. */
export class DrawnLine {
  #layout: Layout | undefined

  /** Whether it is drawn now. */
  get there(): boolean {
    return this.#layout !== undefined
  }

  /** Draws it after its prompt, which may hold colours. */
  draw(prompt: string, line: Line, columns: number): string {
    const place = measure(prompt, line, columns)
    this.#layout = place
    return show(prompt + line.text, place)
  }

  /** Erases it. */
  undraw(): string {
    const drawn = this.#layout
    this.#layout = undefined
    return drawn === undefined ? '' : erase(drawn)
  }

  /** The terminal has a new width and has wrapped the line again: counts its rows for that width. */
  rewrapped(prompt: string, line: Line, columns: number): void {
    this.#layout = measure(prompt, line, columns)
  }
}

function measure(prompt: string, { text, cursor }: Line, columns: number): Layout {
  const plain = stripAnsi(prompt)
  return layout(plain + text, plain.length + cursor, columns)
}
