import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** From this width on the dock is beside the text; the same as in src/styles/dock.css. */
const BESIDE = '(min-width: 87.5rem)'
/** The key in localStorage; src/components/Head.astro reads it before the page is rendered. */
const KEY = 'sw-dock'

/** `here`: collapsed to a bar at the bottom, or beside the text. `open`: expanded. `away`: hidden except for a button, on every page. */
export type DockState = 'here' | 'open' | 'away'

/**
 * The dock: keeps a lab in view while the reader reads. Its state is `data-dock` of the page's root element, so that styles
 * apply before this code runs. An element without the attribute `docked`, or a page without `data-dock`, has no dock.
 */
export class Dock implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #beside = matchMedia(BESIDE)
  readonly #moved: () => void

  /** @param moved called when another part of the lab has become visible */
  constructor(host: ReactiveControllerHost & HTMLElement, moved: () => void) {
    this.#host = host
    this.#moved = moved
    host.addController(this)
  }

  hostConnected(): void {
    this.#beside.addEventListener('change', this.#changed)
  }

  hostDisconnected(): void {
    this.#beside.removeEventListener('change', this.#changed)
  }

  readonly #changed = (): void => {
    this.#host.requestUpdate()
    this.#moved()
  }

  /** `undefined`: the lab is in the text, without a dock. */
  get state(): DockState | undefined {
    const { dock } = document.documentElement.dataset
    if (!this.#host.hasAttribute('docked') || dock === undefined) return undefined
    return dock === 'open' || dock === 'away' ? dock : 'here'
  }

  /** Whether there is room for it beside the text. */
  get beside(): boolean {
    return this.state !== undefined && this.#beside.matches
  }

  /** Whether it is collapsed or hidden. */
  get shut(): boolean {
    return this.state === 'away' || (this.state === 'here' && !this.beside)
  }

  /** Changes the state. A hidden dock stays hidden on later visits. */
  put(state: DockState): void {
    if (this.state === undefined || this.state === state) return
    document.documentElement.dataset['dock'] = state
    try {
      if (state === 'away') localStorage.setItem(KEY, state)
      else localStorage.removeItem(KEY)
    } catch {
      // Without storage the state is not remembered.
    }
    this.#changed()
  }

  /** Expands it. */
  open(): void {
    if (this.shut) this.put(this.beside ? 'here' : 'open')
  }
}
