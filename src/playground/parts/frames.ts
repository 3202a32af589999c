import type { ReactiveController } from 'lit'
import { REDUCED_PERIOD, reducesMotion } from '../../machine-view/motion.ts'
import { setRunning } from '../../simulated-machine/time.ts'
import type { FiguresPanel } from '../view/figures.ts'
import type { WithSession } from './with-session.ts'

/** While the machine runs, one part is redrawn per frame, at most once in this many ms; the rows most often, since they move. */
const SMOOTH = 12
const TURNS = ['rows', 'state', 'rows', 'around'] as const
type RenderedPart = (typeof TURNS)[number]
/** What a frame redraws: a part of the picture, the figures, or everything. */
type Turn = RenderedPart | 'figures' | 'all'
/** The interval at which the figures are redrawn while the machine runs, in ms of wall-clock time. */
const FIGURES = 1000

/** A key for each part; a new object makes it render again. */
export type RenderKeys = Readonly<Record<RenderedPart, unknown>>

export interface FramesOptions extends WithSession {
  readonly figures: FiguresPanel
}

/**
 * Runs and pauses the machine, and decides when it is redrawn. While it runs, the parts of the page are redrawn in turns, each in
 * a frame of its own; an idle machine requests no frames.
 */
export class Frames implements ReactiveController {
  readonly #options: FramesOptions
  #frame: number | undefined
  #last = 0
  #lastFigures = 0
  #turn: Turn = 'all'
  #turns = 0
  #drawn: RenderKeys = { rows: 0, state: 0, around: 0 }

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

  /** Requests a redraw: something has changed. */
  changed(): void {
    this.steer()
    this.#frame ??= requestAnimationFrame((now) => this.#draw(now))
  }

  /** Runs the machine when the reader has not paused it, the page is in view, and something is still to happen. */
  steer(): void {
    const { viewport, sessions, timeTravel } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    setRunning(
      live.machine,
      !sessions.paused && viewport.visible && timeTravel.moment === undefined && live.isActive,
    )
  }

  /** The keys for the current update: parts to be redrawn get a new object. */
  draws(): RenderKeys {
    const turn = this.#turn
    const anew = turn === 'all' ? { rows: {}, state: {}, around: {} } : { [turn]: {} }
    this.#drawn = { ...this.#drawn, ...anew }
    return this.#drawn
  }

  /** Updates the figures to the moment shown. */
  updateFigures(): void {
    const { sessions, timeTravel, figures } = this.#options
    const { live } = sessions
    if (live !== undefined) figures.update(live.measures, timeTravel.moment ?? live.now, live.data().machine)
  }

  #draw(now: number): void {
    this.#frame = undefined
    const { host, sessions, timeTravel } = this.#options
    const pace = sessions.live?.machine.pace
    const running = pace?.running === true
    const inTurns = running && !reducesMotion()
    if (!running || (pace.leaves(now) && now - this.#last > (inTurns ? SMOOTH : REDUCED_PERIOD))) {
      this.#last = now
      timeTravel.draw()
      const turn = this.#next(now, running, inTurns)
      // If something else requested an update, everything is redrawn.
      this.#turn = host.isUpdatePending ? 'all' : turn
      host.requestUpdate()
    }
    this.steer()
    if (running) this.#frame = requestAnimationFrame((next) => this.#draw(next))
  }

  /** What this frame redraws. */
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
