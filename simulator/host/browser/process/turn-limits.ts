import { fill, type ApplicationMessages } from '../words.ts'

/** The most that one turn may print, in writes and in characters. */
const PRINTS = 10_000
const PRINTED = 1_000_000
/** The most characters of responses in one turn. */
const ANSWERED = 32_000_000

/** Limits what one turn may send to the page, so that a loop fills neither the browser's memory nor a terminal. */
export class TurnLimits {
  readonly #words: ApplicationMessages['limits']
  #prints = 0
  #printed = 0
  #answered = 0

  constructor(words: ApplicationMessages['limits']) {
    this.#words = words
  }

  /** A turn begins. */
  begin(): void {
    this.#prints = 0
    this.#printed = 0
    this.#answered = 0
  }

  /** The part of a printed text that is shown; `undefined` once the limit has been reported. */
  print(text: string): string | undefined {
    if (this.#prints > PRINTS || this.#printed > PRINTED) return undefined
    const room = PRINTED - this.#printed
    this.#prints += 1
    this.#printed += text.length
    if (this.#prints <= PRINTS && this.#printed <= PRINTED) return text
    const said = fill(this.#words.printed, { lines: PRINTS, characters: PRINTED })
    return `${text.slice(0, Math.max(0, room))}\n${said}\n`
  }

  /**
   * A part of a response.
   * @throws RangeError when the responses of this turn exceed the limit
   */
  answer(text: string): string {
    this.#answered += text.length
    if (this.#answered <= ANSWERED) return text
    throw new RangeError(fill(this.#words.answered, { characters: ANSWERED }))
  }
}
