import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { createMachine, type BrowserMachine } from '../../simulator/host/browser/index.ts'
import { EMPTY, type Picture } from '../../simulator/machine/view/index.ts'
import { scenario, TERMINALS, type Scenario, type TerminalName } from '../../simulator/scenario/index.ts'
import { footNote } from '../machine-view/foot-note.ts'
import { Viewport } from '../machine-view/viewport.ts'
import type { RunButtons } from '../machine-view/run-buttons.ts'
import { marksOf } from '../machine-view/picture/marks.ts'
import { stage, type StageProps } from '../machine-view/stage.ts'
import { hint } from '../machine-view/terminal/hint.ts'
import type { InsertCommand } from '../machine-view/terminal/insert-command.ts'
import { screenStyle, screenStyleLoaded } from '../machine-view/terminal/style.ts'
import { Typing } from '../machine-view/terminal/typing.ts'
import { Speech, type LabWords } from '../machine-view/words.ts'
import { isDone, markDone, onProgress } from '../progress/index.ts'
import { breaks } from './breaks.ts'
import { caption } from './caption.ts'
import { Dock } from './dock.ts'
import { dockBar, dockButtons, type DockControls } from './dock-bar.ts'
import { Frames } from './frames.ts'
import { LabActions } from './lab-actions.ts'
import { LabMachine } from './lab-machine.ts'
import { LookBack } from './look-back.ts'
import { Navigation } from './navigation.ts'
import type { LabRun } from './run.ts'
import { after, skip } from './skip.ts'
import { Cards } from './tasks/cards.ts'
import type { Panel } from './tasks/common.ts'
import { conditionStrip } from './tasks/checkpoint.ts'
import { controls } from './tasks/controls.ts'
import { panel } from './tasks/panel.ts'
import { styles } from './styles.ts'
import { Tasks } from './tasks/tasks.ts'
import type { LabTexts } from './tasks/texts.ts'
import { Terminals } from './terminals.ts'
import { toolbar } from './toolbar.ts'

/**
 * A lab: a machine, its picture and two terminals. Its words come from the JSON child, its scenario from the attribute; other
 * children are the fallback until the lab is ready. Each part has a file of its own; here they are put together and rendered.
 */
export class SwLab extends LitElement {
  static override styles = styles
  static override properties = { scenario: { type: String }, live: { type: Boolean } }

  declare scenario: string
  /** Whether the server is started as soon as the machine is there. */
  declare live: boolean

  #speech!: Speech
  #scenario!: Scenario
  #texts!: LabTexts
  #tasks!: Tasks
  #cards: Cards | undefined
  #labMachine!: LabMachine
  #failure: string | undefined
  readonly #typing = new Typing(this, () => this.#speech)
  readonly #viewport: Viewport = new Viewport(this, {
    onKind: () => {
      this.#terminals.adapt()
      this.requestUpdate()
    },
    onWidth: () => this.#terminals.resize(),
    onView: () => this.#seen(),
    onTheme: () => this.#terminals.recolor(),
  })
  readonly #dock: Dock = new Dock(this, () => this.#seen())
  readonly #navigation = new Navigation({ host: this, dock: this.#dock, tasks: () => this.#tasks })
  readonly #terminals: Terminals = new Terminals({
    host: this,
    typing: this.#typing,
    viewport: this.#viewport,
    speech: () => this.#speech,
    scenario: () => this.#scenario,
    run: () => this.#run,
    narrow: () => this.#narrow,
    onKeys: (terminal, keys) => this.#actions.keys(terminal, keys),
    onOffer: (terminal, command) => this.#actions.prose.insert({ command, terminal }),
  })
  readonly #actions: LabActions = new LabActions({
    host: this,
    speech: () => this.#speech,
    scenario: () => this.#scenario,
    labMachine: () => {
      // Actions apply to the present.
      this.#lookBack.backToNow()
      return this.#labMachine
    },
    terminals: this.#terminals,
    typing: this.#typing,
    viewport: this.#viewport,
    navigation: this.#navigation,
    onChange: () => this.#changed(),
  })
  readonly #lookBack = new LookBack({
    labMachine: () => this.#labMachine,
    terminals: () => this.#terminals,
    drawsLine: () => !this.#viewport.typesInInput,
    onChange: () => {
      this.#changed()
      this.requestUpdate()
    },
  })
  readonly #frames = new Frames({
    host: this,
    running: () => this.#run?.machine.pace.running === true,
    steer: () => this.#labMachine.steer(this.#inSight),
    onFrame: () => {
      this.#tasks.look()
      this.#actions.prose.look()
    },
  })

  constructor() {
    super()
    this.scenario = ''
    this.live = false
  }

  /** The machine of this run: for tests, and for curious readers in the console. */
  get machine(): BrowserMachine | undefined {
    return this.#run?.machine
  }

  get #run(): LabRun | undefined {
    return this.#labMachine.run
  }

  /** All that a terminal has shown. */
  terminalText(name: TerminalName): string {
    return this.#terminals.screen(name)?.text ?? ''
  }

  override connectedCallback(): void {
    const words = this.querySelector('script[data-words]')?.textContent
    if (words == null)
      throw new Error('<sw-lab> expects a <script type="application/json" data-words> child with its words.')
    const { lab, ...common } = JSON.parse(words) as LabWords & { lab: LabTexts }
    this.#speech = new Speech(common, this.lang === '' ? 'en' : this.lang)
    this.#texts = lab
    this.#scenario = scenario(this.scenario)
    const labMachine = new LabMachine({
      scenario: this.#scenario,
      words: this.#speech.words,
      make: createMachine,
      columns: () => this.#terminals.columns,
      listener: {
        onChange: () => this.#changed(),
        onScreen: (terminal, text) => this.#terminals.screen(terminal)?.write(text),
        onHint: (terminal, hint) => this.#typing.explain(hint, this.#run?.sessions[terminal].foreground),
      },
      onGone: () => this.#gone(),
      onFresh: (run) => this.#begun(run),
    })
    this.#labMachine = labMachine
    this.#tasks = new Tasks({
      scenario: this.#scenario,
      order: Cards.order(),
      run: () => labMachine.run,
      fresh: (seed) => labMachine.fresh(seed),
      tempo: (speed) => labMachine.tempo(speed),
      skip: (ms) => labMachine.skip(ms),
      pause: () => labMachine.pause(true),
      changed: () => {
        this.#changed()
        this.requestUpdate()
      },
      kept: { isDone, markDone },
    })
    if (!this.live) this.#cards = new Cards()
    super.connectedCallback()
    this.#watch()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#labMachine.end()
    this.#terminals.dispose()
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed)
    // Not before the machine is ready: an earlier answer would be lost when it is set up.
    if (this.#run !== undefined) this.#cards?.draw(this.#panel((id) => this.#navigation.nextInText(id)))
  }

  protected override firstUpdated(changed: PropertyValues<this>): void {
    super.firstUpdated(changed)
    // The fallback content is not needed any more.
    for (const child of [...this.children]) if (child.tagName !== 'SCRIPT') child.remove()
    void this.#begin()
  }

  /** Opens the terminals, then starts the machine. */
  async #begin(): Promise<void> {
    try {
      await screenStyleLoaded(this.renderRoot)
      await this.#terminals.openScreens()
      await this.#labMachine.fresh()
      if (this.live) this.#actions.start()
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.requestUpdate()
      throw error
    }
  }

  /** The machine was replaced: the terminals are cleared. */
  #gone(): void {
    this.#tasks.interrupted()
    this.#terminals.reset()
    this.#typing.say('')
  }

  /** A fresh machine is ready. */
  #begun(run: LabRun): void {
    this.#terminals.resize()
    for (const name of TERMINALS) run.sessions[name].drawsLine = !this.#viewport.typesInInput
    this.#actions.prose.insertEarly()
    this.#changed()
    this.requestUpdate()
  }

  // Events

  #changed(): void {
    this.#frames.changed()
  }

  get #inSight(): boolean {
    return this.#viewport.visible && this.#dock.state !== 'away'
  }

  /** The element came into view, or left it. */
  #seen(): void {
    this.#labMachine.steer(this.#inSight)
    if (this.#inSight) this.#changed()
  }

  /** At most one button is highlighted: the expected next step. */
  get #primary(): RunButtons['primary'] {
    if (!this.live && this.#tasks.expected !== undefined) return undefined
    if (this.#labMachine.paused) return 'resume'
    const { canStart, orphansLive } = this.#labMachine
    return canStart && !orphansLive && !this.#tasks.playing ? 'start' : undefined
  }

  #panel(onNext: (id: string) => void): Panel {
    return {
      speech: this.#speech,
      texts: this.#texts,
      tasks: this.#tasks,
      folded: this.#dock.state !== undefined,
      onReset: () => this.#actions.reset(),
      onNext,
    }
  }

  // Reactions

  #watch(): void {
    const viewport = this.#viewport
    viewport.listen(document, 'sw-insert-command', (event) =>
      this.#actions.prose.insert((event as CustomEvent<InsertCommand>).detail),
    )
    viewport.listen(document, 'sw-open-task', (event) =>
      this.#navigation.openTask((event as CustomEvent<string>).detail),
    )
    viewport.atEnd(onProgress(() => this.requestUpdate()))
  }

  // Rendering

  protected override render(): TemplateResult {
    const { words } = this.#speech
    const run = this.#run
    const picture = this.#lookBack.picture ?? run?.picture ?? EMPTY
    const { shut } = this.#dock
    return html`
      ${screenStyle()}
      <section class=${this.#look} aria-label=${this.#texts.label}>
        ${skip(words.skip, () => after(this))}
        ${shut ? dockBar(this.#dockControls, picture, this.#lookBack.moment ?? run?.now ?? 0, this.#said(picture)) : nothing}
        <div class="body" id="dock-body" ?inert=${shut}>
          ${guard(shut ? [shut] : [{}], () => this.#body(picture))}
        </div>
      </section>
    `
  }

  /** Beside the text there is room for one terminal at a time. */
  get #narrow(): boolean {
    return this.#viewport.narrow || this.#dock.beside
  }

  get #look(): string {
    const { state, beside } = this.#dock
    return [
      'lab',
      this.#narrow ? 'narrow' : '',
      this.#viewport.typesInInput ? 'phone' : '',
      state === undefined ? '' : 'docked',
      state !== undefined && state !== 'away' && beside ? 'beside' : (state ?? ''),
    ].join(' ')
  }

  get #dockControls(): DockControls {
    return {
      speech: this.#speech,
      dock: this.#dock,
      back: this.#navigation.canGoBack,
      onPut: (state) => this.#navigation.put(state),
      onBack: () => this.#navigation.backToText(),
    }
  }

  /** Everything except the bar. */
  #body(picture: Picture): TemplateResult {
    const { words } = this.#speech
    const run = this.#run
    return html`
      ${toolbar({
        speech: this.#speech,
        scenario: this.#scenario,
        canStart: this.#labMachine.canStart,
        paused: this.#labMachine.paused,
        primary: this.#primary,
        speed: this.#labMachine.speed,
        onStart: () => this.#actions.start(),
        onPause: () => this.#actions.pause(),
        onStep: () => void this.#actions.step(),
        onSpeed: (speed) => {
          this.#labMachine.speed = speed
        },
        onReset: () => this.#actions.reset(),
        more: this.#dock.state === undefined || this.#dock.shut ? nothing : dockButtons(this.#dockControls),
      })}
      ${this.live ? nothing : panel(this.#panel((id) => this.#navigation.nextTask(id)))}
      ${controls(
        this.#scenario,
        this.#texts,
        run !== undefined &&
          (this.#scenario.always === true ||
            run.ledger.living('parent').length + run.ledger.living('worker').length > 0),
        (steps) => this.#actions.control(steps),
      )}
      ${stage({
        speech: this.#speech,
        scenario: this.#scenario,
        picture,
        width: Math.max(240, this.#viewport.width - 32),
        now: this.#lookBack.moment ?? run?.now ?? 0,
        ...this.#proof(run),
        lookBack: this.#lookBack.stage,
        running: run?.machine.pace.running ?? false,
        clientsOn: run?.desk.clientsOn ?? false,
        onKill: (pid) => this.#actions.kill(pid),
        onClients: () => this.#actions.toggleClients(),
      })}
      ${this.#dock.shut ? nothing : this.#said(picture)} ${this.#lookBack.render(this.#speech)}
      ${this.#dock.state === undefined ? nothing : conditionStrip(this.#panel(() => undefined))}
      ${this.live ? breaks({ speech: this.#speech, run, picture, onBreak: () => this.#labMachine.pause(false) }) : nothing}
      ${skip(words.terminal.skip, () => this.renderRoot.querySelector('.foot-note'))}
      ${this.#terminals.render()} ${hint(this.#typing)}
      ${footNote({
        speech: this.#speech,
        about: this.#about,
        screenReader: this.#typing.screenReader,
        onScreenReader: (on) => this.#typing.readOut(on, this.#terminals.open),
      })}
    `
  }

  /** After a verdict: the whole run, and what proves its answer. */
  #proof(run: LabRun | undefined): Pick<StageProps, 'fit' | 'marks'> {
    if (run === undefined || this.#tasks.verdict === undefined) return {}
    return { fit: run.now, marks: marksOf(run.view.trace) }
  }

  #said(picture: Picture): TemplateResult {
    return caption(picture, {
      speech: this.#speech,
      texts: this.#texts,
      verdict: this.#lookBack.moment === undefined ? this.#tasks?.verdict : undefined,
      failure: this.#failure,
    })
  }

  get #about(): string {
    const locale = this.lang === '' || this.lang === 'en' ? '' : `${this.lang.toLowerCase()}/`
    return `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}${locale}about/`
  }
}
