import { EMPTY, type Picture } from '../../../simulator/machine/view/index.ts'
import type { PlaygroundContext } from './common.ts'
import type { Screens } from './screens.ts'
import type { SessionController } from './session-controller.ts'

/** How many pieces of terminal output are shown while looking back. */
const PAST_PIECES = 300

export interface TimeTravelOptions extends PlaygroundContext {
  readonly screens: Screens
  readonly sessions: SessionController
}

/** Looking back: the moment that the picture and the terminals show. */
export class TimeTravel {
  readonly #options: TimeTravelOptions
  #moment: number | undefined
  /** The time at the picture's left end, while the time marker is dragged. */
  #from: number | undefined
  #picture: Picture = EMPTY
  /** The moment that the terminals show. */
  #drawn: number | undefined

  constructor(options: TimeTravelOptions) {
    this.#options = options
  }

  /** In virtual ms; `undefined`: now. */
  get moment(): number | undefined {
    return this.#moment
  }

  get from(): number | undefined {
    return this.#from
  }

  /** The picture of that moment, or of now. */
  get picture(): Picture {
    if (this.#moment !== undefined) return this.#picture
    return this.#options.sessions.live?.picture ?? EMPTY
  }

  /** Shows a moment, or goes back to now if it is in the future. */
  look(at: number, from?: number): void {
    const { host, sessions } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    if (at >= live.now) return this.backToNow()
    this.#moment = live.view.moment(Math.round(Math.max(0, at)))
    this.#from = from
    this.#picture = live.view.at(this.#moment)
    sessions.changed()
    host.requestUpdate()
  }

  /** Shows the next event, or the previous one. */
  neighbour(direction: 1 | -1): void {
    const { live } = this.#options.sessions
    if (live === undefined) return
    const at = live.view.neighbour(this.#moment ?? live.now, direction)
    if (at === undefined) return direction === 1 ? this.backToNow() : this.look(0)
    // Rounded to the whole millisecond at which the event has happened.
    const whole = direction === 1 ? Math.ceil(at) : Math.floor(at)
    this.look(whole === this.#moment ? whole + direction : whole, this.#from)
  }

  backToNow(): void {
    const { host, viewport, typing, screens, sessions } = this.#options
    const { live } = sessions
    if (live === undefined || this.#moment === undefined) return
    this.forget()
    for (const { name, screen } of screens.panes) {
      const session = live.desk.terminals.get(name)
      // The line being typed is redrawn below the output.
      if (session !== undefined) session.drawsLine = false
      screen?.reset()
      screen?.write(live.view.screen(name, Infinity, Infinity))
      if (session !== undefined) session.drawsLine = !viewport.typesInInput
    }
    typing.say('')
    sessions.changed()
    host.requestUpdate()
  }

  /** Shows the terminals as they were at the moment. */
  draw(): void {
    const { screens, sessions } = this.#options
    if (sessions.live === undefined || this.#moment === this.#drawn) return
    this.#drawn = this.#moment
    if (this.#moment === undefined) return
    for (const { name, screen } of screens.panes) {
      screen?.reset()
      screen?.write(sessions.live.view.screen(name, this.#moment, PAST_PIECES))
    }
  }

  /** Back to now, without redrawing the terminals. */
  forget(): void {
    this.#moment = undefined
    this.#drawn = undefined
    this.#from = undefined
  }
}
