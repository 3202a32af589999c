import { render } from 'lit'
import type { Prediction } from '../../../simulator/scenario/index.ts'
import type { Panel } from './common.ts'
import { question } from './question.ts'
import { idOf } from './tasks.ts'

/** The questions in the text (Ask.astro): the lab's own, rendered into the page. */
export class Cards {
  readonly #predictions: readonly Prediction[]
  /** The state that each was last rendered with, to skip those that have not changed. */
  readonly #drawn = new Map<string, string>()

  constructor(predictions: readonly Prediction[]) {
    this.#predictions = predictions
  }

  /** Where the text asks a question. */
  static place(id: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`#ask-${CSS.escape(id)} [data-card]`)
  }

  /** The tasks in the text, in its order. */
  static order(): readonly string[] {
    return [...document.querySelectorAll<HTMLElement>('sw-ask')].map(({ dataset }) => dataset['task'] ?? '')
  }

  /** Draws what has changed. */
  draw(panel: Panel): void {
    const { tasks } = panel
    for (const prediction of this.#predictions) {
      const { id } = prediction
      const place = Cards.place(id)
      if (place === null) continue
      const isOpen = tasks.open !== undefined && idOf(tasks.open) === id
      const state = [tasks.stage(id), tasks.chosen(id), isOpen && [tasks.expected, tasks.runsMade]]
      const key = JSON.stringify(state)
      if (this.#drawn.get(id) === key) continue
      if (!this.#drawn.has(id)) takeOver(place, (choice) => tasks.choose(id, choice))
      this.#drawn.set(id, key)
      const focused = place.contains(document.activeElement) ? document.activeElement : undefined
      render(question(panel, prediction), place)
      // The focused element may be gone: focus the next button.
      if (focused !== undefined && !place.contains(document.activeElement))
        place.querySelector<HTMLElement>('.next, button')?.focus({ preventScroll: true })
    }
  }
}

/** Replaces the fallback content, and keeps the choice that was made in it. */
function takeOver(place: HTMLElement, choose: (choice: string) => void): void {
  const chosen = place.querySelector<HTMLInputElement>('input:checked')?.value
  place.replaceChildren()
  if (chosen !== undefined) choose(chosen)
}
