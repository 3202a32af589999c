import { nothing, type LitElement, type TemplateResult } from 'lit'
import { createRef, type Ref } from 'lit/directives/ref.js'
import { lookUp } from '../../simulator/manager/look-up.ts'
import { traitsOf } from '../../simulator/manager/traits.ts'
import { TERMINALS, type Scenario, type TerminalName } from '../../simulator/scenario/index.ts'
import type { Key } from '../../simulator/shell/editor/keys.ts'
import { TOOLS } from '../../simulator/shell/tools.ts'
import type { Viewport } from '../machine-view/viewport.ts'
import { line } from '../machine-view/terminal/line.ts'
import type { Screen } from '../machine-view/terminal/screen.ts'
import type { Typing } from '../machine-view/terminal/typing.ts'
import type { Speech } from '../machine-view/words.ts'
import { panes, type PaneName } from './panes.ts'
import type { LabRun } from './run.ts'

export interface TerminalsOptions {
  readonly host: LitElement
  readonly typing: Typing
  readonly viewport: Viewport
  readonly speech: () => Speech
  readonly scenario: () => Scenario
  readonly run: () => LabRun | undefined
  /** Whether there is room for one terminal at a time. */
  readonly narrow: () => boolean
  readonly onKeys: (terminal: TerminalName, keys: readonly Key[]) => void
  /** Called when a suggested command was chosen. */
  readonly onOffer: (terminal: TerminalName, command: string) => void
}

/** The lab's two terminals and the application's files beside them: their contents, which one is in front, and their widths. */
export class Terminals {
  readonly #options: TerminalsOptions
  readonly #hosts: Record<TerminalName, Ref<HTMLElement>> = { server: createRef(), client: createRef() }
  readonly #screens: Partial<Record<TerminalName, Screen>> = {}
  #front: PaneName = 'server'

  constructor(options: TerminalsOptions) {
    this.#options = options
  }

  /** The screens that are open. */
  get open(): readonly Screen[] {
    return TERMINALS.flatMap((name) => this.#screens[name] ?? [])
  }

  screen(name: TerminalName): Screen | undefined {
    return this.#screens[name]
  }

  /** The width of a new machine's terminals, in columns. */
  get columns(): number {
    return this.#screens.server?.columns ?? 80
  }

  /** The terminal that gets input. */
  get active(): TerminalName {
    const beside = !this.#options.narrow() && this.#front !== 'server'
    return this.#front === 'client' || beside ? 'client' : 'server'
  }

  /** Opens the screens in their containers, which have been rendered. */
  async openScreens(): Promise<void> {
    for (const name of TERMINALS) await this.#openScreen(name)
    this.#fit()
  }

  async #openScreen(name: TerminalName): Promise<void> {
    const { typing, viewport, speech, run, onKeys } = this.#options
    const host = this.#hosts[name].value
    if (host === undefined) return
    const { terminal } = speech().words
    const screen = await typing.open(host, {
      label: speech().say(terminal.line, { terminal: terminal[name] }),
      line: () => run()?.sessions[name].line.text,
      onKeys: (keys) => onKeys(name, keys),
    })
    screen.takesKeys = !viewport.typesInInput
    this.#screens[name] = screen
  }

  /** Brings a pane to the front. */
  show(pane: PaneName): void {
    this.#front = pane
    this.#options.host.requestUpdate()
  }

  /** Adapts to a phone or a wide screen: where keys are typed, and where the line is drawn. */
  adapt(): void {
    const { viewport, run } = this.#options
    for (const name of TERMINALS) {
      const screen = this.#screens[name]
      if (screen !== undefined) screen.takesKeys = !viewport.typesInInput
      const session = run()?.sessions[name]
      if (session !== undefined) session.drawsLine = !viewport.typesInInput
    }
  }

  /** Fits the screens into their containers, and sets the widths of the machine's terminals. */
  resize(): void {
    this.#fit()
    for (const name of TERMINALS) {
      const columns = this.#screens[name]?.columns
      if (columns !== undefined) this.#options.run()?.resize(name, columns)
    }
  }

  #fit(): void {
    for (const screen of this.open) screen.fit()
  }

  recolor(): void {
    for (const screen of this.open) screen.recolor()
  }

  /** Clears the terminals. */
  reset(): void {
    for (const screen of this.open) screen.reset()
  }

  dispose(): void {
    for (const screen of this.open) screen.dispose()
  }

  render(): TemplateResult {
    const { viewport, speech, scenario, run, narrow } = this.#options
    const { app, files } = scenario()
    const kernel = run()?.machine.kernel
    const text = kernel?.readFile(app.file) ?? lookUp(files, app.file) ?? ''
    const edit = (text: string): void => run()?.machine.kernel.writeFile(app.file, text)
    return panes({
      speech: speech(),
      scenario: scenario(),
      narrow: narrow(),
      front: this.#front,
      speaks: { server: this.#speaks('server'), client: this.#speaks('client') },
      screens: this.#hosts,
      app: text,
      changed: text !== lookUp(files, app.file),
      onFront: (pane) => this.show(pane),
      onEdit: edit,
      onRestore: () => edit(lookUp(files, app.file) ?? ''),
      line: viewport.typesInInput && this.#front !== 'app' && this.#front !== 'twin' ? this.#line() : nothing,
    })
  }

  /** For touch screens: an input for the line. */
  #line(): TemplateResult {
    const { speech, scenario, run, onKeys, onOffer } = this.#options
    const terminal = this.active
    const session = run()?.sessions[terminal]
    return line({
      speech: speech(),
      terminal: speech().words.terminal[terminal],
      text: session?.line.text ?? '',
      offered: scenario().offered[terminal],
      searching: session?.searching !== undefined,
      onKey: (key) => onKeys(terminal, [key]),
      onText: (text, cursor) => session?.setLine(text, cursor),
      onOffer: (command) => onOffer(terminal, command),
    })
  }

  /** The programs whose output a terminal may show: those of the server that runs in it, or all of them. */
  #speaks(name: TerminalName): string {
    const run = this.#options.run()
    const { speaks } = this.#options.scenario()
    const running =
      run?.serverLives === true && run.picture.server?.terminal === name
        ? run.picture.server.program
        : undefined
    const servers = Object.values(speaks)
      .filter(({ program }) => running === undefined || program === running)
      .map(({ program, version }) => {
        // pip may have changed the versions meanwhile.
        const installed = run?.machine.kernel.installed(program) ?? version
        return `${traitsOf({ program }).packageName} ${installed}`
      })
    return (name === 'client' && running === undefined ? TOOLS : servers).join(' · ')
  }
}
