import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { isInView } from './in-view.ts'
import { ROOMY } from './picture/geometry.ts'

/** Below this width (px) there is one terminal at a time. */
const NARROW = 700

/** Callbacks for changes of the viewport. */
export interface ViewportListener {
  /** The width or the kind of pointer has changed: keys may go to the input instead of the screen, or back. */
  readonly onKind: () => void
  /** The element has been rendered with a new width. */
  readonly onWidth: () => void
  /** The element came into view, or left it. */
  readonly onView: () => void
  /** The page's theme has changed. */
  readonly onTheme: () => void
}

/** What an element knows of its viewport: its width, whether it is in view, and whether the reader types on a touch screen. */
export class Viewport implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #listener: ViewportListener
  readonly #touches = matchMedia('(pointer: coarse)')
  readonly #undo: (() => void)[] = []
  #touch = false
  #width = 0
  #visible = true

  constructor(host: ReactiveControllerHost & HTMLElement, listener: ViewportListener) {
    this.#host = host
    this.#listener = listener
    host.addController(this)
  }

  /** In px; 0 while it is not known. */
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

  /** Whether the line is typed into an `<input>`: on narrow and touch screens. */
  get typesInInput(): boolean {
    return this.#touch || (this.#width > 0 && this.#width < ROOMY)
  }

  /** Listens as long as the element is on the page. */
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
    const views = new IntersectionObserver((entries) => {
      this.#visible = isInView(entries, this.#visible)
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
