import { createRef, type Ref } from 'lit/directives/ref.js'
import { LIMITS } from '../../../simulator/scenario/session/index.ts'
import type { Key } from '../../../simulator/shell/editor/keys.ts'
import type { Screen } from '../../machine-view/terminal/screen.ts'
import type { LiveSession } from '../live-session.ts'
import type { PlaygroundContext } from './common.ts'

/** A terminal's container, and its screen once it is open. */
export interface Pane {
  readonly name: string
  readonly host: Ref<HTMLElement>
  screen?: Screen
}

export interface ScreensOptions extends PlaygroundContext {
  /** The current session. */
  readonly live: () => LiveSession | undefined
  readonly onKeys: (terminal: string, keys: readonly Key[]) => void
}

/** The terminals on the page: which there are, which is selected, and their sizes. */
export class Screens {
  readonly #options: ScreensOptions
  #panes: readonly Pane[] = []
  #front = 'server'

  constructor(options: ScreensOptions) {
    this.#options = options
  }

  get panes(): readonly Pane[] {
    return this.#panes
  }

  get front(): string {
    return this.#front
  }

  set front(name: string) {
    this.#front = name
    this.#options.host.requestUpdate()
  }

  /** Those that are open. */
  get open(): readonly Screen[] {
    return this.#panes.flatMap(({ screen }) => (screen === undefined ? [] : [screen]))
  }

  /** Whether another one may be opened. */
  get hasRoom(): boolean {
    return this.#panes.length < LIMITS.terminals
  }

  pane(name: string): Pane | undefined {
    return this.#panes.find((pane) => pane.name === name)
  }

  /** A terminal's name, in words. */
  title(name: string): string {
    const { speech, words } = this.#options.wording
    const { terminal } = speech.words
    if (name === 'server' || name === 'client') return terminal[name]
    return speech.say(words.terminals.number, { number: name.replace(/^.*-/, '') })
  }

  /** Columns and rows, clamped to the limits of a session. */
  size(name: string): readonly [columns: number, rows: number] {
    const { columns = 80, rows = 24 } = this.pane(name)?.screen ?? {}
    const within = (size: number, [least, most]: readonly [number, number]): number =>
      Math.max(least, Math.min(most, size))
    return [within(columns, LIMITS.columns), within(rows, LIMITS.rows)]
  }

  /** Shows empty terminals for those of a session. */
  async show(names: readonly string[]): Promise<void> {
    for (const { name, screen } of this.#panes) {
      if (!names.includes(name)) screen?.dispose()
      else screen?.reset()
    }
    this.#panes = names.map((name) => this.pane(name) ?? { name, host: createRef() })
    if (!names.includes(this.#front)) this.#front = names[0] ?? 'server'
    await this.#drawn()
    for (const pane of this.#panes) await this.#openScreen(pane)
    this.fit()
  }

  /** Adds a terminal and selects it; returns its name. */
  async add(): Promise<string> {
    const name = this.pane('client') === undefined ? 'client' : `terminal-${this.#panes.length + 1}`
    const pane: Pane = { name, host: createRef() }
    this.#panes = [...this.#panes, pane]
    this.#front = name
    await this.#drawn()
    await this.#openScreen(pane)
    return name
  }

  async #drawn(): Promise<void> {
    const { host } = this.#options
    host.requestUpdate()
    await host.updateComplete
  }

  async #openScreen(pane: Pane): Promise<void> {
    const { wording, viewport, typing, live, onKeys } = this.#options
    const host = pane.host.value
    if (host === undefined || pane.screen !== undefined) return
    const { name } = pane
    pane.screen = await typing.open(host, {
      label: wording.speech.say(wording.words.terminals.line, { terminal: this.title(name) }),
      line: () => live()?.desk.terminals.get(name)?.line.text,
      onKeys: (keys) => onKeys(name, keys),
    })
    pane.screen.takesKeys = !viewport.typesInInput
  }

  /** Decides whether the screen or an input below it takes the keys. */
  adapt(): void {
    const { viewport, live } = this.#options
    for (const { name, screen } of this.#panes) {
      if (screen !== undefined) screen.takesKeys = !viewport.typesInInput
      const session = live()?.desk.terminals.get(name)
      if (session !== undefined) session.drawsLine = !viewport.typesInInput
    }
  }

  /** Fits the screens into their containers. */
  fit(): void {
    for (const screen of this.open) screen.fit()
  }

  /** Opens the terminals that the machine does not have yet. */
  openOn(live: LiveSession): void {
    for (const { name } of this.#panes) {
      if (live.desk.terminals.has(name)) continue
      const [columns, rows] = this.size(name)
      live.do({ type: 'open', terminal: name, columns, rows })
    }
  }

  /** Resizes the machine's terminals; that is an input of the session. */
  tellSizes(live: LiveSession): void {
    for (const { name, screen } of this.#panes) {
      if (screen === undefined || !live.desk.terminals.has(name)) continue
      const [columns, rows] = this.size(name)
      const size = live.size(name)
      if (size?.columns !== columns || (size.rows ?? rows) !== rows) {
        live.do({ type: 'resize', terminal: name, columns, rows })
      }
    }
  }

  /** Focuses a screen, if it takes keys. */
  focus(name: string): void {
    if (!this.#options.viewport.typesInInput) this.pane(name)?.screen?.focus()
  }

  recolor(): void {
    for (const screen of this.open) screen.recolor()
  }

  dispose(): void {
    for (const screen of this.open) screen.dispose()
  }
}
