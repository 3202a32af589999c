import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { createRef, type Ref } from 'lit/directives/ref.js'
import type { BrowserMachine } from '../../simulator/host/browser/index.ts'
import { EMPTY } from '../../simulator/machine/view/index.ts'
import {
  scenario,
  TERMINALS,
  type Scenario,
  type Step,
  type TerminalName,
} from '../../simulator/scenario/index.ts'
import type { Key } from '../../simulator/shell/editor/keys.ts'
import { TOOLS } from '../../simulator/shell/tools.ts'
import type { InsertCommand } from '../components/command.ts'
import { footNote } from './foot-note.ts'
import { line } from './line.ts'
import { panes, type PaneName } from './panes.ts'
import { Place } from './place.ts'
import { Run } from './run.ts'
import { onProgress } from '../progress/index.ts'
import { stage } from './stage.ts'
import { styles } from './styles.ts'
import { controls } from './tasks/controls.ts'
import { panel } from './tasks/panel.ts'
import { taskStyles } from './tasks/styles.ts'
import { Tasks } from './tasks/tasks.ts'
import type { LabTexts } from './tasks/texts.ts'
import { telling } from './telling.ts'
import type { Screen } from './terminal/screen.ts'
import { screenStyle, screenStyleLoaded } from './terminal/style.ts'
import { Typing } from './terminal/typing.ts'
import { letGo, LONGEST_STEP, stepOn } from './time.ts'
import { toolbar } from './toolbar.ts'
import { Speech, type LabWords } from './words.ts'

/** With reduced motion the picture is drawn anew so often, in ms. */
const CALM = 500

/**
 * A lab: a machine, its picture and two terminals. Its words come from the JSON child, its scenario from the attribute;
 * what else is inside it stands there until the lab is up.
 */
export class SwLab extends LitElement {
  static override styles = [styles, taskStyles]
  static override properties = { scenario: { type: String }, live: { type: Boolean } }

  declare scenario: string
  /** Whether the server is started as soon as the machine is there. */
  declare live: boolean

  #speech!: Speech
  #scenario!: Scenario
  #texts!: LabTexts
  #tasks!: Tasks
  #run: Run | undefined
  #failure: string | undefined
  readonly #hosts: Record<TerminalName, Ref<HTMLElement>> = { server: createRef(), client: createRef() }
  readonly #screens: Partial<Record<TerminalName, Screen>> = {}
  readonly #typing = new Typing(this, () => this.#speech)
  readonly #place: Place = new Place(this, {
    onKind: () => this.#adapt(),
    onWidth: () => this.#resized(),
    onView: () => {
      this.#steer()
      if (this.#place.visible) this.#changed()
    },
    onTheme: () => {
      for (const screen of this.#open) screen.recolor()
    },
  })
  #front: PaneName = 'server'
  #paused = false
  #speed = 1
  /** A command of the prose that came before the machine. */
  #early: InsertCommand | undefined
  #frame: number | undefined
  #lastFrame = 0

  constructor() {
    super()
    this.scenario = ''
    this.live = false
  }

  /** The machine of this run: for tests, and for curious readers in the console. */
  get machine(): BrowserMachine | undefined {
    return this.#run?.machine
  }

  /** All that a terminal has shown. */
  terminalText(name: TerminalName): string {
    return this.#screens[name]?.text ?? ''
  }

  override connectedCallback(): void {
    const words = this.querySelector('script[data-words]')?.textContent
    if (words == null)
      throw new Error('<sw-lab> expects a <script type="application/json" data-words> child with its words.')
    const { lab, ...common } = JSON.parse(words) as LabWords & { lab: LabTexts }
    this.#speech = new Speech(common, this.lang === '' ? 'en' : this.lang)
    this.#texts = lab
    this.#scenario = scenario(this.scenario)
    this.#tasks = new Tasks({
      scenario: this.#scenario,
      run: () => this.#run,
      fresh: (seed) => this.#fresh(seed),
      speed: (speed) => {
        if (this.#run !== undefined) this.#run.machine.pace.speed = speed ?? this.#speed
      },
      pause: () => {
        this.#paused = true
      },
      changed: () => {
        this.#changed()
        this.requestUpdate()
      },
    })
    super.connectedCallback()
    this.#watch()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    void this.#run?.dispose()
    this.#run = undefined
    for (const screen of this.#open) screen.dispose()
  }

  protected override firstUpdated(changed: PropertyValues<this>): void {
    super.firstUpdated(changed)
    // What stood in the lab's place has done its work.
    for (const child of [...this.children]) if (child.tagName !== 'SCRIPT') child.remove()
    void this.#begin()
  }

  /** Opens the terminals, then starts the machine. */
  async #begin(): Promise<void> {
    try {
      await screenStyleLoaded(this.renderRoot)
      for (const name of TERMINALS) await this.#openScreen(name)
      this.#fit()
      await this.#newRun()
      if (this.live) this.#start()
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.requestUpdate()
      throw error
    }
  }

  /** The screens that are open. */
  get #open(): readonly Screen[] {
    return TERMINALS.flatMap((name) => this.#screens[name] ?? [])
  }

  async #openScreen(name: TerminalName): Promise<void> {
    const host = this.#hosts[name].value
    if (host === undefined) return
    const { terminal } = this.#speech.words
    const screen = await this.#typing.open(host, {
      label: this.#speech.say(terminal.line, { terminal: terminal[name] }),
      line: () => this.#run?.sessions[name].line.text,
      onKeys: (keys) => this.#keys(name, keys),
    })
    screen.takesKeys = !this.#place.typesInInput
    this.#screens[name] = screen
  }

  async #newRun(seed = this.#scenario.seed): Promise<void> {
    const columns = this.#screens.server?.columns ?? 80
    const run = await Run.start(this.#scenario, this.#speech.words, columns, seed, {
      onChange: () => this.#changed(),
      onScreen: (terminal, text) => this.#screens[terminal]?.write(text),
      onLine: () => this.#changed(),
      onHint: (terminal, hint) => this.#typing.explain(hint, this.#run?.sessions[terminal].foreground),
    })
    if (!this.isConnected) return void run.dispose()
    this.#run = run
    this.#resized()
    for (const name of TERMINALS) run.sessions[name].drawsLine = !this.#place.typesInInput
    run.machine.pace.speed = this.#speed
    if (this.#early !== undefined) this.#insert(this.#early)
    this.#early = undefined
    this.#changed()
  }

  /** The terminal that the input belongs to. */
  get #active(): TerminalName {
    return this.#front === 'client' || (!this.#place.narrow && this.#front !== 'server') ? 'client' : 'server'
  }

  // What happens

  #changed(): void {
    this.#steer()
    if (this.#frame === undefined) this.#frame = requestAnimationFrame((now) => this.#draw(now))
  }

  /** Time goes on when the reader wants it to, the lab is in view, and there is something to come. */
  #steer(): void {
    const run = this.#run
    if (run === undefined) return
    letGo(run.machine, !this.#paused && this.#place.visible && run.isActive)
  }

  #draw(now: number): void {
    this.#frame = undefined
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    const running = this.#run?.machine.pace.running === true
    this.#tasks.look()
    if (!calm || !running || now - this.#lastFrame > CALM) {
      this.#lastFrame = now
      this.requestUpdate()
    }
    this.#steer()
    if (running) this.#frame = requestAnimationFrame((next) => this.#draw(next))
  }

  #keys(name: TerminalName, keys: readonly Key[]): void {
    const session = this.#run?.sessions[name]
    if (session === undefined) return
    this.#typing.typed(keys)
    for (const key of keys) session.key(key)
    if (keys.some(({ key }) => key === 'enter') && this.#paused) {
      this.#typing.say(this.#speech.words.hints.paused)
    }
    this.#changed()
  }

  #start(): void {
    const run = this.#run
    if (run === undefined || !this.#canStart) return
    this.#paused = false
    this.#typing.say('')
    run.sessions.server.enter(this.#scenario.start)
    run.clients.on = this.#scenario.zoom.clients ?? true
    this.#changed()
  }

  get #canStart(): boolean {
    const run = this.#run
    return run !== undefined && !run.serverLives && run.sessions.server.foreground === 'none'
  }

  #pause(): void {
    this.#paused = !this.#paused
    this.#typing.say('')
    this.#changed()
    this.requestUpdate()
  }

  /** Goes on to the next event that leaves a trace, but no further than half a second: many only move a timer. */
  async #step(): Promise<void> {
    const machine = this.#run?.machine
    if (machine === undefined) return
    this.#paused = true
    await stepOn(machine, LONGEST_STEP)
    this.#changed()
    this.requestUpdate()
  }

  async #reset(seed?: number): Promise<void> {
    const old = this.#run
    if (old === undefined) return
    this.#tasks.interrupted()
    this.#run = undefined
    await old.dispose()
    for (const screen of this.#open) screen.reset()
    this.#paused = false
    this.#typing.say('')
    await this.#newRun(seed)
    this.requestUpdate()
  }

  /** A machine that has just been set up, with this seed; nothing when one is being set up already. */
  async #fresh(seed: number): Promise<Run | undefined> {
    await this.#reset(seed)
    return this.#run
  }

  /** What one of the lab's own buttons does. */
  #control(steps: readonly Step[]): void {
    this.#run?.play(steps, 0, () => undefined)
    this.#changed()
  }

  /** Opens a task that the prose asks about. */
  #openTask(id: string): void {
    this.#tasks.show(id)
    void this.updateComplete.then(() => {
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
      // On a phone the list is pushed sideways: the open task is brought into sight.
      const list = this.renderRoot.querySelector<HTMLElement>('.task-list')
      const entry = list?.querySelector<HTMLElement>('.on')
      if (entry != null) list?.scrollTo({ left: entry.offsetLeft - list.offsetLeft - 16 })
      this.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' })
      this.renderRoot.querySelector<HTMLElement>('.task input, .task button')?.focus({ preventScroll: true })
    })
  }

  #kill(pid: number): void {
    this.#run?.machine.kernel.signal(pid, 'KILL')
    this.#changed()
  }

  #toggleClients(): void {
    const run = this.#run
    if (run === undefined) return
    run.clients.on = !run.clients.on
    this.#changed()
  }

  #edit(text: string): void {
    this.#run?.machine.kernel.writeFile(this.#scenario.app.file, text)
  }

  #show(pane: PaneName): void {
    this.#front = pane
    this.requestUpdate()
  }

  /** A command of the prose: into the line, not run. */
  #insert({ command, terminal }: InsertCommand): void {
    const run = this.#run
    if (run === undefined) {
      this.#early = { command, terminal }
      return
    }
    this.#show(terminal)
    const taken = run.sessions[terminal].insert(command)
    this.#typing.say(taken ? '' : this.#speech.words.hints.pending)
    void this.updateComplete.then(() => {
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
      const place = this.renderRoot.querySelector('.terminals')
      place?.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' })
      if (this.#place.typesInInput)
        this.renderRoot.querySelector<HTMLInputElement>('.line input')?.focus({ preventScroll: true })
      else this.#screens[terminal]?.focus()
    })
  }

  // What it reacts to

  #watch(): void {
    const place = this.#place
    place.listen(document, 'sw-insert-command', (event) =>
      this.#insert((event as CustomEvent<InsertCommand>).detail),
    )
    place.listen(document, 'sw-open-task', (event) => this.#openTask((event as CustomEvent<string>).detail))
    place.atEnd(onProgress(() => this.requestUpdate()))
  }

  /** Phone or not: who takes the keys. */
  #adapt(): void {
    for (const name of TERMINALS) {
      const screen = this.#screens[name]
      if (screen !== undefined) screen.takesKeys = !this.#place.typesInInput
      if (this.#run !== undefined) this.#run.sessions[name].drawsLine = !this.#place.typesInInput
    }
    this.requestUpdate()
  }

  #fit(): void {
    for (const screen of this.#open) screen.fit()
  }

  #resized(): void {
    this.#fit()
    for (const name of TERMINALS) {
      const columns = this.#screens[name]?.columns
      if (columns !== undefined) this.#run?.resize(name, columns)
    }
  }

  // What is shown

  protected override render(): TemplateResult {
    const { words } = this.#speech
    const run = this.#run
    const picture = run?.picture ?? EMPTY
    return html`
      ${screenStyle()}
      <section
        class=${['lab', this.#place.narrow ? 'narrow' : '', this.#place.typesInInput ? 'phone' : ''].join(' ')}
        aria-label=${this.#texts.label}
      >
        ${this.#skip(words.skip, () => this.#next)}
        ${toolbar({
          speech: this.#speech,
          scenario: this.#scenario,
          canStart: this.#canStart,
          paused: this.#paused,
          speed: this.#speed,
          onStart: () => this.#start(),
          onPause: () => this.#pause(),
          onStep: () => void this.#step(),
          onSpeed: (speed) => {
            this.#speed = speed
            if (run !== undefined) run.machine.pace.speed = speed
          },
          onReset: () => void this.#reset(),
        })}
        ${
          this.live
            ? nothing
            : panel({
                speech: this.#speech,
                texts: this.#texts,
                tasks: this.#tasks,
                onReset: () => void this.#reset(),
              })
        }
        ${controls(this.#scenario, this.#texts, run !== undefined && (this.#scenario.always === true || run.ledger.living('parent').length + run.ledger.living('worker').length > 0), (steps) => this.#control(steps))}
        ${stage({
          speech: this.#speech,
          scenario: this.#scenario,
          picture,
          width: Math.max(240, this.#place.width - 32),
          now: run?.machine.kernel.now ?? 0,
          running: run?.machine.pace.running ?? false,
          clientsOn: run?.clients.on ?? false,
          onKill: (pid) => this.#kill(pid),
          onClients: () => this.#toggleClients(),
        })}
        <p class="say ${picture.happened.tone}" role="status">
          ${
            this.#failure === undefined
              ? telling(picture.happened, this.#speech)
              : this.#speech.say(words.failed, { reason: this.#failure })
          }
        </p>
        ${this.#skip(words.terminal.skip, () => this.renderRoot.querySelector('.foot-note'))} ${this.#panes()}
        <p class="hint" role="status">${this.#typing.hint}</p>
        ${footNote({
          speech: this.#speech,
          about: this.#about,
          screenReader: this.#typing.screenReader,
          onScreenReader: (on) => this.#typing.readOut(on, this.#open),
        })}
      </section>
    `
  }

  #panes(): TemplateResult {
    const run = this.#run
    const { app, files } = this.#scenario
    const text = run?.machine.kernel.readFile(app.file) ?? files[app.file] ?? ''
    return panes({
      speech: this.#speech,
      scenario: this.#scenario,
      narrow: this.#place.narrow,
      front: this.#front,
      speaks: { server: this.#speaks('server'), client: this.#speaks('client') },
      screens: this.#hosts,
      app: text,
      changed: text !== files[app.file],
      onFront: (pane) => this.#show(pane),
      onEdit: (text) => this.#edit(text),
      onRestore: () => this.#edit(files[app.file] ?? ''),
      line:
        this.#place.typesInInput && this.#front !== 'app' && this.#front !== 'twin' ? this.#line() : nothing,
    })
  }

  #line(): TemplateResult {
    const terminal = this.#active
    const session = this.#run?.sessions[terminal]
    return line({
      speech: this.#speech,
      terminal: this.#speech.words.terminal[terminal],
      text: session?.line.text ?? '',
      offered: this.#scenario.offered[terminal],
      searching: session?.searching !== undefined,
      onKey: (key) => this.#keys(terminal, [key]),
      onText: (text, cursor) => session?.setLine(text, cursor),
      onOffer: (command) => this.#insert({ command, terminal }),
    })
  }

  /** Which programs speak in a terminal: the server that runs in it, or all that could. */
  #speaks(name: TerminalName): string {
    const run = this.#run
    const { speaks } = this.#scenario
    const running =
      run?.serverLives === true && run.picture.server?.terminal === name
        ? run.picture.server.program
        : undefined
    const servers = Object.values(speaks)
      .filter(({ program }) => running === undefined || program === running)
      .map(({ program, version }) => {
        // What pip has changed meanwhile.
        const installed = run?.machine.kernel.installed(program) ?? version
        return `${program === 'fastapi' ? 'fastapi-cli' : program} ${installed}`
      })
    return (name === 'client' && running === undefined ? TOOLS : servers).join(' · ')
  }

  /** What the reader sees after the lab. */
  get #next(): Element | null {
    let next = this.nextElementSibling
    while (next?.tagName === 'SCRIPT') next = next.nextElementSibling
    return next
  }

  /** A button that takes the keyboard past what follows it, to what comes then. */
  #skip(text: string, target: () => Element | null): TemplateResult {
    const go = (): void => {
      const next = target()
      if (!(next instanceof HTMLElement)) return
      next.tabIndex = -1
      next.focus()
    }
    return html`<button class="skip" @click=${go}>${text}</button>`
  }

  get #about(): string {
    const locale = this.lang === '' || this.lang === 'en' ? '' : `${this.lang.toLowerCase()}/`
    return `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}${locale}about/`
  }
}
