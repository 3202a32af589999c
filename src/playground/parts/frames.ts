import type { ReactiveController } from 'lit'
import { letGo } from '../../lab/time.ts'
import type { FiguresPanel } from '../view/figures.ts'
import type { WithSession } from './common.ts'

/** With reduced motion the picture is drawn in steps, so often, in ms. */
const CALM = 500
/** Otherwise a part of it in each frame, up to eighty times a second: the rows most often, for they move. */
const SMOOTH = 12
const TURNS = ['rows', 'state', 'rows', 'around'] as const
type Part = (typeof TURNS)[number]
/** What is drawn in a frame: a part of the picture, the figures, or everything. */
type Turn = Part | 'figures' | 'all'
/** So often the figures are drawn anew while the machine runs, in ms of the wall. */
const FIGURES = 1000

/** Another object for each time that the part was drawn. */
export type Drawn = Readonly<Record<Part, unknown>>

export interface FramesOptions extends WithSession {
  readonly figures: FiguresPanel
}

/**
 * When the machine's time goes on, and when what it does is drawn. While it runs, the picture and what stands around it are drawn
 * in turns, each in a frame of its own; at rest there are no frames.
 */
export class Frames implements ReactiveController {
  readonly #options: FramesOptions
  readonly #reduced = matchMedia('(prefers-reduced-motion: reduce)')
  #frame: number | undefined
  #last = 0
  #lastFigures = 0
  #turn: Turn = 'all'
  #turns = 0
  #drawn: Drawn = { rows: 0, state: 0, around: 0 }

  constructor(options: FramesOptions) {
    this.#options = options
    options.host.addController(this)
  }

  hostUpdated(): void {
    this.#turn = 'all'
  }

  hostDisconnected(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
  }

  /** Something happened: there is something to draw. */
  changed(): void {
    this.steer()
    this.#frame ??= requestAnimationFrame((now) => this.#draw(now))
  }

  /** Time goes on when the reader wants it to, the page is in view, and there is something to come. */
  steer(): void {
    const { place, sitting, past } = this.#options
    const live = sitting.ready
    if (live === undefined) return
    letGo(live.machine, !sitting.paused && place.visible && past.moment === undefined && live.isActive)
  }

  /** For the update that is under way: those parts that it draws have another object than before. */
  draws(): Drawn {
    const turn = this.#turn
    const anew = turn === 'all' ? { rows: {}, state: {}, around: {} } : { [turn]: {} }
    this.#drawn = { ...this.#drawn, ...anew }
    return this.#drawn
  }

  /** Brings the figures up to the moment that is shown. */
  updateFigures(): void {
    const { sitting, past, figures } = this.#options
    const { live } = sitting
    if (live !== undefined) figures.update(live.measures, past.moment ?? live.now, live.data().machine)
  }

  #draw(now: number): void {
    this.#frame = undefined
    const { host, sitting, past } = this.#options
    const pace = sitting.live?.machine.pace
    const running = pace?.running === true
    const inTurns = running && !this.#reduced.matches
    if (!running || (pace.leaves(now) && now - this.#last > (inTurns ? SMOOTH : CALM))) {
      this.#last = now
      past.draw()
      const turn = this.#next(now, running, inTurns)
      // Something else that has changed is drawn whole.
      this.#turn = host.isUpdatePending ? 'all' : turn
      host.requestUpdate()
    }
    this.steer()
    if (running) this.#frame = requestAnimationFrame((next) => this.#draw(next))
  }

  /** What is drawn in this frame. */
  #next(now: number, running: boolean, inTurns: boolean): Turn {
    const due = this.#options.figures.open && (!running || now - this.#lastFigures > FIGURES)
    if (due) {
      this.#lastFigures = now
      this.updateFigures()
    }
    if (!inTurns) return 'all'
    if (due) return 'figures'
    this.#turns += 1
    return TURNS[this.#turns % TURNS.length] ?? 'all'
  }
}
