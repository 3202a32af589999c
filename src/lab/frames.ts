import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { REDUCED_PERIOD, reducesMotion } from '../machine-view/motion.ts'

export interface FramesOptions {
  readonly host: ReactiveControllerHost
  /** Whether the machine's time advances. */
  readonly running: () => boolean
  /** Runs or pauses the machine, as the lab's state asks for. */
  readonly steer: () => void
  /** Called in every frame, before anything is drawn. */
  readonly onFrame: () => void
}

/** Decides when the lab is redrawn: in every frame while the machine runs, once after a change, and not at all when it is idle. */
export class Frames implements ReactiveController {
  readonly #options: FramesOptions
  #frame: number | undefined
  #last = 0

  constructor(options: FramesOptions) {
    this.#options = options
    options.host.addController(this)
  }

  hostDisconnected(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
  }

  /** Requests a redraw: something has changed. */
  changed(): void {
    this.#options.steer()
    this.#frame ??= requestAnimationFrame((now) => this.#draw(now))
  }

  #draw(now: number): void {
    this.#frame = undefined
    const { host, running, steer, onFrame } = this.#options
    const runs = running()
    onFrame()
    if (!reducesMotion() || !runs || now - this.#last > REDUCED_PERIOD) {
      this.#last = now
      host.requestUpdate()
    }
    steer()
    // A change during this frame may have requested the next one already.
    if (runs) this.#frame ??= requestAnimationFrame((next) => this.#draw(next))
  }
}
