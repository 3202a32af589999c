import type { ReactiveControllerHost } from 'lit'
import { decodeKeys, type Key } from '../../../simulator/shell/editor/keys.ts'
import type { Hint } from '../../../simulator/shell/session.ts'
import type { Speech } from '../words.ts'
import { Screen } from './screen.ts'

/** A button beside a hint: what can be done about it. */
export interface HintAction {
  readonly id: string
  readonly label: string
  /** Whether it is the expected next step. */
  readonly primary?: boolean
  readonly act: () => void
}

const READER_KEY = 'sw-screen-reader'

/** A terminal that is shown on a screen. */
export interface TypingTarget {
  /** Its name, as a reader sees it. */
  readonly label: string
  /** The text of its line. */
  readonly line: () => string | undefined
  readonly onKeys: (keys: readonly Key[]) => void
}

/** Keyboard handling of an element's terminals: what Tab does, hints, and screen reader support. */
export class Typing {
  readonly #host: ReactiveControllerHost
  readonly #speech: () => Speech
  #screenReader = localStorage.getItem(READER_KEY) === 'on'
  #tabMoves = false
  /** After Escape the next Tab moves the focus. */
  #escaped = false
  #hint = ''
  #actions: readonly HintAction[] = []

  constructor(host: ReactiveControllerHost, speech: () => Speech) {
    this.#host = host
    this.#speech = speech
  }

  /** The hint below the terminals. */
  get hint(): string {
    return this.#hint
  }

  /** The buttons beside it. */
  get actions(): readonly HintAction[] {
    return this.#actions
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
  open(host: HTMLElement, { label, line, onKeys }: TypingTarget): Promise<Screen> {
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

  /** Keys were typed: the hint goes, and Tab completes again. */
  typed(keys: readonly Key[]): void {
    if (keys.every(({ key }) => key === 'escape')) return
    this.#escaped = false
    this.say('')
  }

  say(hint: string, actions: readonly HintAction[] = []): void {
    if (hint === this.#hint && actions.length === 0 && this.#actions.length === 0) return
    this.#hint = hint
    this.#actions = actions
    this.#host.requestUpdate()
  }

  /** Explains why a terminal did not do what was asked; `foreground` is the program that runs in it. */
  explain(hint: Hint, foreground: string | undefined): void {
    const { hints } = this.#speech().words
    const busy = foreground === 'server' ? hints.busy : hints.busyProgram
    this.say(hint === 'busy' ? busy : hints[hint])
  }
}
