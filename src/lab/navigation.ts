import type { LitElement } from 'lit'
import { reducesMotion } from '../machine-view/motion.ts'
import type { Dock, DockState } from './dock.ts'
import { Cards } from './tasks/cards.ts'
import type { Tasks } from './tasks/tasks.ts'

export interface NavigationOptions {
  readonly host: LitElement
  readonly dock: Dock
  readonly tasks: () => Tasks
}

/** Moves between the text and the lab: scrolls into view, and sets the keyboard focus. */
export class Navigation {
  readonly #options: NavigationOptions
  /** The element in the text that the reader came from. */
  #origin: HTMLElement | undefined

  constructor(options: NavigationOptions) {
    this.#options = options
  }

  /** Whether there is a place in the text to go back to. */
  get canGoBack(): boolean {
    return this.#origin !== undefined
  }

  #find<Element extends HTMLElement>(selector: string): Element | null {
    return this.#options.host.renderRoot.querySelector<Element>(selector)
  }

  /** Expands the dock from an element in the text (if any), which stays in view. */
  openFrom(origin: HTMLElement | undefined): void {
    const { host, dock } = this.#options
    dock.open()
    this.#origin = origin
    host.requestUpdate()
    void host.updateComplete.then(() => {
      // The expanded dock may cover the element.
      if (dock.state !== undefined) origin?.scrollIntoView({ block: 'nearest' })
      this.showPicture()
    })
  }

  /** Scrolls a docked lab's inside to the picture, and says whether there is one: caption and terminals come after it. */
  showPicture(): boolean {
    const body = this.#find('.body')
    const picture = this.#find('.stage')
    if (this.#options.dock.state === undefined || body === null || picture === null) return false
    const bar = this.#find('.body > .bar')?.offsetHeight ?? 0
    const top = picture.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop - bar
    body.scrollTo({ top, behavior: reducesMotion() ? 'auto' : 'smooth' })
    return true
  }

  /** Scrolls the terminals into view. */
  showTerminals(): void {
    const behavior = reducesMotion() ? 'auto' : 'smooth'
    this.#find('.terminals')?.scrollIntoView({ block: 'nearest', behavior })
  }

  /** Focuses the input for the line, on a touch screen. */
  focusLine(): void {
    this.#find('.line input')?.focus({ preventScroll: true })
  }

  #focusTask(): void {
    this.#find('.task input, .task button')?.focus({ preventScroll: true })
  }

  /** Opens a task that the prose asks about. */
  openTask(id: string): void {
    const { host, dock, tasks } = this.#options
    void tasks().show(id)
    const place = Cards.place(id)
    // Its card is in the text: the machine opens, and the text stays where it is.
    if (place !== null) place.tabIndex = -1
    if (place !== null && dock.state !== undefined) return this.openFrom(place)
    const fold = this.#find<HTMLDetailsElement>('details.tasks')
    if (fold !== null) fold.open = true
    void host.updateComplete.then(() => {
      // On a phone the list scrolls sideways: show the open task.
      const list = this.#find('.task-list')
      const entry = list?.querySelector<HTMLElement>('.on')
      if (entry != null) list?.scrollTo({ left: entry.offsetLeft - list.offsetLeft - 16 })
      const place = dock.state === undefined ? host : this.#find('.task')
      place?.scrollIntoView({ block: 'start', behavior: reducesMotion() ? 'auto' : 'smooth' })
      this.#focusTask()
    })
  }

  /** Opens a task from the panel of the one before it, and moves the focus there. */
  nextTask(id: string): void {
    const { host, tasks } = this.#options
    void tasks().show(id)
    void host.updateComplete.then(() => {
      this.#find('.task-list .on')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      this.#focusTask()
    })
  }

  /** Goes from a question in the text to the next task, in the text if it is there, or in the lab. */
  nextInText(id: string): void {
    const place = Cards.place(id)
    if (place === null) return this.openTask(id)
    const { tasks } = this.#options
    // A checkpoint waits until the reader begins: then the machine is set up for it.
    if (place.querySelector('[data-begin]') === null) tasks().turnTo(id)
    // Not smooth: the content in between is laid out late, and a long scroll would end elsewhere.
    place.scrollIntoView({ block: 'center' })
    place.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
  }

  /** Changes the dock's state; the focus goes to the button that undoes it. */
  put(state: DockState): void {
    const { host, dock } = this.#options
    dock.put(state)
    void host.updateComplete.then(() => {
      const undo = this.#find(
        `[data-dock=${state === 'here' ? 'open' : state === 'open' ? 'here' : 'bring'}]`,
      )
      ;(undo ?? this.#find('[data-dock]'))?.focus({ preventScroll: true })
    })
  }

  /** Goes back to the element the reader came from. A dock that covers the text collapses. */
  backToText(): void {
    const { dock } = this.#options
    const origin = this.#origin
    if (origin === undefined) return
    if (dock.state === 'open') dock.put('here')
    origin.scrollIntoView({ block: 'center' })
    origin.focus({ preventScroll: true })
  }
}
