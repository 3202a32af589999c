import { EMPTY, type Picture } from '../../../simulator/machine/view/index.ts'
import type { Common } from './common.ts'
import type { Screens } from './screens.ts'
import type { Sitting } from './sitting.ts'

/** So many pieces of a terminal are shown while one looks back. */
const PAST_PIECES = 300

export interface PastOptions extends Common {
  readonly screens: Screens
  readonly sitting: Sitting
}

/** Looking back: the moment that picture and terminals show. */
export class Past {
  readonly #options: PastOptions
  #moment: number | undefined
  /** The time at the picture's left end, while the hand is moved. */
  #from: number | undefined
  #picture: Picture = EMPTY
  /** The moment that the terminals show. */
  #drawn: number | undefined

  constructor(options: PastOptions) {
    this.#options = options
  }

  /** In virtual ms; nothing: it is now. */
  get moment(): number | undefined {
    return this.#moment
  }

  get from(): number | undefined {
    return this.#from
  }

  /** The picture of that moment, or of now. */
  get picture(): Picture {
    if (this.#moment !== undefined) return this.#picture
    return this.#options.sitting.live?.history.picture ?? EMPTY
  }

  /** Looks at a moment, or goes back to now if it is not over yet. */
  look(at: number, from?: number): void {
    const { host, sitting } = this.#options
    const live = sitting.ready
    if (live === undefined) return
    if (at >= live.now) return this.backToNow()
    this.#moment = live.history.moment(Math.round(Math.max(0, at)))
    this.#from = from
    this.#picture = live.history.at(this.#moment)
    sitting.changed()
    host.requestUpdate()
  }

  /** Looks at the next event, or at the one before. */
  neighbour(direction: 1 | -1): void {
    const { live } = this.#options.sitting
    if (live === undefined) return
    const at = live.history.neighbour(this.#moment ?? live.now, direction)
    if (at === undefined) return direction === 1 ? this.backToNow() : this.look(0)
    // The moment is a whole millisecond: that in which the event has happened.
    const whole = direction === 1 ? Math.ceil(at) : Math.floor(at)
    this.look(whole === this.#moment ? whole + direction : whole, this.#from)
  }

  backToNow(): void {
    const { host, place, typing, screens, sitting } = this.#options
    const { live } = sitting
    if (live === undefined || this.#moment === undefined) return
    this.forget()
    for (const { name, screen } of screens.panes) {
      const session = live.desk.terminals.get(name)
      // The line being typed is drawn anew below what was shown.
      if (session !== undefined) session.drawsLine = false
      screen?.reset()
      screen?.write(live.history.screen(name, Infinity, Infinity))
      if (session !== undefined) session.drawsLine = !place.typesInInput
    }
    typing.say('')
    sitting.changed()
    host.requestUpdate()
  }

  /** The terminals as they were. */
  draw(): void {
    const { screens, sitting } = this.#options
    if (sitting.live === undefined || this.#moment === this.#drawn) return
    this.#drawn = this.#moment
    if (this.#moment === undefined) return
    for (const { name, screen } of screens.panes) {
      screen?.reset()
      screen?.write(sitting.live.history.screen(name, this.#moment, PAST_PIECES))
    }
  }

  /** It is now again, and the terminals are left as they are. */
  forget(): void {
    this.#moment = undefined
    this.#drawn = undefined
    this.#from = undefined
  }
}
