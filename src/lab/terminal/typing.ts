import type { ReactiveControllerHost } from 'lit'
import { decodeKeys, type Key } from '../../../simulator/shell/editor/keys.ts'
import type { Hint } from '../../../simulator/shell/session.ts'
import type { Speech } from '../words.ts'
import { Screen } from './screen.ts'

const READER_KEY = 'sw-screen-reader'

/** A terminal that a screen is opened for. */
export interface Typed {
  /** Its name, in words. */
  readonly label: string
  /** What stands in its line. */
  readonly line: () => string | undefined
  readonly onKeys: (keys: readonly Key[]) => void
}

/** How the terminals of an element are typed into: what Tab does, what the reader is told, and who reads it out. */
export class Typing {
  readonly #host: ReactiveControllerHost
  readonly #speech: () => Speech
  #screenReader = localStorage.getItem(READER_KEY) === 'on'
  #tabMoves = false
  /** Escape lets the next Tab go on in the page. */
  #escaped = false
  #hint = ''

  constructor(host: ReactiveControllerHost, speech: () => Speech) {
    this.#host = host
    this.#speech = speech
  }

  /** What is said below the terminals. */
  get hint(): string {
    return this.#hint
  }

  /** Whether screens are made readable for screen readers; kept for all visits. */
  get screenReader(): boolean {
    return this.#screenReader
  }

  readOut(on: boolean, screens: Iterable<Screen>): void {
    this.#screenReader = on
    localStorage.setItem(READER_KEY, on ? 'on' : 'off')
    for (const screen of screens) screen.screenReader = on
  }

  /** Opens a terminal's screen in `host`. */
  open(host: HTMLElement, { label, line, onKeys }: Typed): Promise<Screen> {
    const { terminal } = this.#speech().words
    return Screen.open(
      host,
      {
        label: `${label}. ${terminal.help}`,
        tooMuch: terminal.tooMuch,
        screenReader: this.#screenReader,
        fontSize: 12,
      },
      {
        onData: (data) => onKeys(decodeKeys(data)),
        tabMoves: () => this.#tabMoves || this.#escaped || line() === '',
        onToggleTab: () => {
          this.#tabMoves = !this.#tabMoves
          this.say(this.#tabMoves ? terminal.tabMoves : terminal.tabCompletes)
        },
        onEscape: () => {
          this.#escaped = true
          this.say(terminal.escape)
        },
      },
    )
  }

  /** Keys have come: what was said is over, and Tab completes again. */
  typed(keys: readonly Key[]): void {
    if (keys.every(({ key }) => key === 'escape')) return
    this.#escaped = false
    this.say('')
  }

  say(hint: string): void {
    if (hint === this.#hint) return
    this.#hint = hint
    this.#host.requestUpdate()
  }

  /** Says why a terminal did not do what was asked; `foreground` is what runs in it. */
  explain(hint: Hint, foreground: string | undefined): void {
    const { hints } = this.#speech().words
    const busy = foreground === 'server' ? hints.busy : hints.busyProgram
    this.say(hint === 'busy' ? busy : hints[hint])
  }
}
