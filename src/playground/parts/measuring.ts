import type { LitElement } from 'lit'
import { guard } from 'lit/directives/guard.js'
import type { ScalingPoint } from '../own/measure.ts'
import { ownPanel } from '../view/own.ts'
import type { Wording } from './wording.ts'

/** Measures the reader's own browser. */
export class Measuring {
  readonly #host: LitElement
  readonly #wording: Wording
  #points: readonly ScalingPoint[] = []
  /** How many Web Workers are computing now. */
  #running: number | undefined

  constructor(host: LitElement, wording: Wording) {
    this.#host = host
    this.#wording = wording
  }

  render(): unknown {
    return guard([this.#points, this.#running], () =>
      ownPanel({
        speech: this.#wording.speech,
        words: this.#wording.words,
        cores: navigator.hardwareConcurrency,
        points: this.#points,
        running: this.#running,
        onRun: () => void this.#measure(),
      }),
    )
  }

  async #measure(): Promise<void> {
    this.#points = []
    const { counts, measure } = await import('../own/measure.ts')
    try {
      await measure(
        counts(navigator.hardwareConcurrency),
        (workers) => {
          this.#running = workers
          this.#host.requestUpdate()
        },
        (point) => {
          this.#points = [...this.#points, point]
          this.#host.requestUpdate()
        },
      )
    } finally {
      this.#running = undefined
      this.#host.requestUpdate()
    }
  }
}
