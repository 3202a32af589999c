import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { ROOMY } from './picture/geometry.ts'

/** Below this width (px) there is one terminal at a time. */
const NARROW = 700

/** What is told of the place. */
export interface PlaceListener {
  /** Somebody else may take the keys now: the width is another, or fingers came, or went. */
  readonly onKind: () => void
  /** The element has been drawn in a new width. */
  readonly onWidth: () => void
  /** It came into view, or left it. */
  readonly onView: () => void
  /** The page's colours are others. */
  readonly onTheme: () => void
}

/** The place in which an element stands: how wide it is, whether it is in view, and whether fingers do the typing. */
export class Place implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #listener: PlaceListener
  readonly #touches = matchMedia('(pointer: coarse)')
  readonly #undo: (() => void)[] = []
  #touch = false
  #width = 0
  #visible = true

  constructor(host: ReactiveControllerHost & HTMLElement, listener: PlaceListener) {
    this.#host = host
    this.#listener = listener
    host.addController(this)
  }

  /** In px; 0 as long as it is not known. */
  get width(): number {
    return this.#width
  }

  /** Whether any of the element is in view. */
  get visible(): boolean {
    return this.#visible
  }

  get narrow(): boolean {
    return this.#width > 0 && this.#width < NARROW
  }

  /** Whether the line is typed into an input: on a phone, and wherever fingers do the typing. */
  get typesInInput(): boolean {
    return this.#touch || (this.#width > 0 && this.#width < ROOMY)
  }

  /** Listens for as long as the element is on the page. */
  listen(target: EventTarget, name: string, run: (event: Event) => void): void {
    target.addEventListener(name, run)
    this.#undo.push(() => target.removeEventListener(name, run))
  }

  /** Called when the element leaves the page. */
  atEnd(undo: () => void): void {
    this.#undo.push(undo)
  }

  hostConnected(): void {
    const sizes = new ResizeObserver(() => this.#measure())
    sizes.observe(this.#host)
    const views = new IntersectionObserver(([entry]) => {
      this.#visible = entry?.isIntersecting ?? true
      this.#listener.onView()
    })
    views.observe(this.#host)
    const themes = new MutationObserver(() => this.#listener.onTheme())
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    this.#undo.push(
      () => sizes.disconnect(),
      () => views.disconnect(),
      () => themes.disconnect(),
    )
    const touched = (): void => {
      this.#touch = this.#touches.matches
      this.#listener.onKind()
    }
    this.listen(this.#touches, 'change', touched)
    touched()
  }

  hostDisconnected(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }

  #measure(): void {
    const width = Math.floor(this.#host.clientWidth)
    if (width === this.#width || width === 0) return
    this.#width = width
    this.#listener.onKind()
    void this.#host.updateComplete.then(() => this.#listener.onWidth())
  }
}
