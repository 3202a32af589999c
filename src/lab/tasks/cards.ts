import { render, type TemplateResult } from 'lit'
import { checkpoint, closedCheckpoint } from './checkpoint.ts'
import type { Panel } from './common.ts'
import { question } from './question.ts'
import { idOf, type Task } from './tasks.ts'

/** The questions and checkpoints in the text (Ask.astro): the lab's own, rendered into the page. */
export class Cards {
  /** The state that each was last rendered with, to skip those that have not changed. */
  readonly #drawn = new Map<string, string>()

  /** The element in the text where a question is. */
  static place(id: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`#ask-${CSS.escape(id)} [data-card]`)
  }

  /** The tasks in the text, in its order. */
  static order(): readonly string[] {
    return [...document.querySelectorAll<HTMLElement>('sw-ask')].map(({ dataset }) => dataset['task'] ?? '')
  }

  /** Renders the cards that have changed. */
  draw(panel: Panel): void {
    const { tasks } = panel
    for (const task of tasks.all) {
      const id = idOf(task)
      const place = Cards.place(id)
      if (place === null) continue
      const key = JSON.stringify(stateOf(panel, task))
      if (this.#drawn.get(id) === key) continue
      const focused = place.contains(document.activeElement) ? document.activeElement : undefined
      if (!this.#drawn.has(id)) takeOver(place, (choice) => tasks.choose(id, choice))
      this.#drawn.set(id, key)
      render(card(panel, task), place)
      // The focused element may be gone.
      if (
        focused !== undefined &&
        (document.activeElement === place || !place.contains(document.activeElement))
      )
        focusIn(place)
    }
  }
}

function card(panel: Panel, task: Task): TemplateResult {
  if (task.kind === 'prediction') return question(panel, task.prediction)
  return task === panel.tasks.open
    ? checkpoint(panel, task.checkpoint)
    : closedCheckpoint(panel, task.checkpoint)
}

/** The state that a card shows: it is rendered again when this changes. */
function stateOf({ tasks }: Panel, task: Task): unknown {
  const isOpen = task === tasks.open
  if (task.kind === 'prediction') {
    const { id } = task.prediction
    return [
      tasks.stage(id),
      tasks.chosen(id),
      tasks.left(id).length,
      isOpen && [tasks.expected, tasks.runsMade],
    ]
  }
  const { checkpoint } = task
  const { id } = checkpoint
  const live = () => [tasks.standing(checkpoint), tasks.conditions(checkpoint), tasks.hints(id), tasks.news]
  return [tasks.isDone(id), tasks.left(id).length, isOpen && [...live(), tasks.expected]]
}

/** Focuses the next button of a card; without one, as while the machine answers, the card, which passes the focus on later. */
function focusIn(place: HTMLElement): void {
  place.tabIndex = -1
  const button = place.querySelector<HTMLElement>('.next') ?? place.querySelector<HTMLElement>('button')
  ;(button ?? place).focus({ preventScroll: true })
}

/** Replaces the fallback content, and keeps the choice that was made in it. */
function takeOver(place: HTMLElement, choose: (choice: string) => void): void {
  const chosen = place.querySelector<HTMLInputElement>('input:checked')?.value
  place.replaceChildren()
  if (chosen !== undefined) choose(chosen)
}
