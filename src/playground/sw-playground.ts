import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import type { BrowserMachine } from '../../simulator/host/browser/index.ts'
import type { SessionInput, MachineSettings, SessionData } from '../../simulator/scenario/session/index.ts'
import { footNote } from '../machine-view/foot-note.ts'
import { reducesMotion } from '../machine-view/motion.ts'
import { WIDE } from '../machine-view/picture/geometry.ts'
import { stage } from '../machine-view/stage.ts'
import { styles as viewStyles } from '../machine-view/styles/index.ts'
import type { InsertCommand } from '../machine-view/terminal/insert-command.ts'
import { screenStyle, screenStyleLoaded } from '../machine-view/terminal/style.ts'
import { Typing } from '../machine-view/terminal/typing.ts'
import { Viewport } from '../machine-view/viewport.ts'
import type { PresetId } from './all-presets.ts'
import type { LiveSession } from './live-session.ts'
import { bar, type BarOptions } from './parts/bar.ts'
import { Code } from './parts/code.ts'
import type { PlaygroundContext } from './parts/common.ts'
import { Frames } from './parts/frames.ts'
import { InspectorController } from './parts/inspector-controller.ts'
import { PlaygroundActions } from './parts/playground-actions.ts'
import { Measuring } from './parts/measuring.ts'
import { hasWork, PresetChoice } from './parts/preset-choice.ts'
import { Prompt } from './parts/prompt.ts'
import { restore } from './parts/restore.ts'
import { Screens } from './parts/screens.ts'
import { SessionController } from './parts/session-controller.ts'
import type { Sharing } from './parts/sharing.ts'
import { TimeTravel } from './parts/time-travel.ts'
import { UndoRedo } from './parts/undo-redo.ts'
import type { WithSession } from './parts/with-session.ts'
import { Wording } from './parts/wording.ts'
import { HELLO, MACHINE } from './presets.ts'
import { isSessionFragment } from './session-fragment.ts'
import { kept, SessionStore } from './session-store.ts'
import { replayEnds } from './unfinished-replay.ts'
import { styles } from './styles/index.ts'
import { aroundRows } from './view/around.ts'
import { FiguresPanel } from './view/figures.ts'
import { sentence } from './view/sentence.ts'
import { settingsPanel } from './view/settings.ts'
import { terminals } from './view/terminals.ts'
import { momentBar } from './view/time.ts'

/** The picture's margins at both sides together, and its least width, in px. */
const SIDES = 30
const LEAST_WIDTH = 300

/**
 * The playground: a machine that can be set up, used, broken, looked back at, and shared. Each part has a file of its own; here
 * they are put together and rendered.
 */
export class SwPlayground extends LitElement {
  static override styles = [...viewStyles, ...styles]

  readonly #wording = new Wording(this)
  readonly #figures = new FiguresPanel(this.#wording)
  readonly #measuring = new Measuring(this, this.#wording)
  readonly #typing = new Typing(this, () => this.#wording.speech)
  readonly #store: SessionStore = new SessionStore(() => this.#sessions.ready?.data())
  readonly #do = (...inputs: readonly SessionInput[]): void => void this.#actions.do(...inputs)
  readonly #viewport: Viewport = new Viewport(this, {
    onKind: () => {
      this.#screens.adapt()
      this.requestUpdate()
    },
    onWidth: () => {
      this.#resized()
      this.#figures.refresh()
    },
    onView: () => {
      this.#frames.steer()
      if (this.#viewport.visible) this.#frames.changed()
    },
    onTheme: () => {
      this.#screens.recolor()
      this.#figures.refresh()
    },
  })
  readonly #common: PlaygroundContext = {
    host: this,
    wording: this.#wording,
    viewport: this.#viewport,
    typing: this.#typing,
  }
  readonly #screens: Screens = new Screens({
    ...this.#common,
    live: () => this.#sessions.live,
    onKeys: (terminal, keys) => this.#prompt.keys(terminal, keys),
  })
  readonly #sessions: SessionController = new SessionController({
    ...this.#common,
    screens: this.#screens,
    onLeave: () => {
      this.#timeTravel.forget()
      this.#undoRedo.forget()
    },
    onOpened: (live) => this.#opened(live),
    onChange: () => this.#frames.changed(),
  })
  readonly #timeTravel = new TimeTravel({ ...this.#common, screens: this.#screens, sessions: this.#sessions })
  readonly #session: WithSession = {
    ...this.#common,
    screens: this.#screens,
    sessions: this.#sessions,
    timeTravel: this.#timeTravel,
    store: this.#store,
  }
  readonly #undoRedo = new UndoRedo(this.#session)
  readonly #frames = new Frames({ ...this.#session, figures: this.#figures })
  readonly #prompt = new Prompt(this.#session)
  readonly #inspector: InspectorController = new InspectorController({
    ...this.#session,
    onChoose: () => this.#sharing?.close(),
    onDo: this.#do,
  })
  readonly #actions = new PlaygroundActions({
    ...this.#session,
    undoRedo: this.#undoRedo,
    inspector: this.#inspector,
  })
  readonly #bar: BarOptions = {
    ...this.#session,
    actions: this.#actions,
    undoRedo: this.#undoRedo,
    inspector: this.#inspector,
    onLink: () => void this.#share().then((sharing) => sharing.show()),
  }
  readonly #code = new Code({
    ...this.#session,
    onDo: this.#do,
    onRun: (runtime) => this.#actions.runAs(runtime),
  })
  readonly #choice = new PresetChoice({
    ...this.#session,
    hasDraft: () => this.#code.hasDraft,
    onBegin: (from) => this.#actions.begin(from),
  })
  #sharing: Sharing | undefined
  #failure: string | undefined

  /** The machine of this session: for tests, and for curious readers in the console. */
  get machine(): BrowserMachine | undefined {
    return this.#sessions.ready?.machine
  }

  /** All inputs so far. */
  get session(): SessionData | undefined {
    return this.#sessions.live?.data()
  }

  /** All that a terminal shows. */
  terminalText(name: string): string {
    return this.#screens.pane(name)?.screen?.text ?? ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const viewport = this.#viewport
    viewport.listen(document, 'sw-insert-command', (event) =>
      this.#prompt.insert((event as CustomEvent<InsertCommand>).detail),
    )
    viewport.listen(document, 'sw-preset', (event) =>
      this.#choice.choose((event as CustomEvent<PresetId>).detail),
    )
    viewport.listen(window, 'hashchange', () => void this.#takeFragment())
    viewport.listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#store.now()
    })
    viewport.listen(window, 'pagehide', () => {
      // A page that can be left has not been stopped by its replay.
      if (this.#sessions.replaying) replayEnds()
      this.#store.now()
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#store.dispose()
    this.#sessions.dispose()
    this.#figures.dispose()
    this.#screens.dispose()
  }

  protected override firstUpdated(changed: PropertyValues<this>): void {
    super.firstUpdated(changed)
    for (const child of [...this.children]) if (child.tagName !== 'SCRIPT') child.remove()
    void this.#begin()
  }

  /** Starts the visit: with the session of a link, with the stored one, or with a new one. */
  async #begin(): Promise<void> {
    try {
      await screenStyleLoaded(this.renderRoot)
      const before = await kept()
      // An address that ends in #off leaves the machine switched off; so does a preference for reduced motion.
      let starts = location.hash === '' && !reducesMotion()
      if (before !== undefined && hasWork(before)) starts = false
      if (before?.runtime === 'python') {
        // Python is loaded only when the reader agrees.
        await this.#sessions.open(undefined)
        ;(await this.#share()).bring(before)
      } else if (before !== undefined && before.until > 0 && !starts) {
        const offer = async () => (await this.#share()).bring(before)
        await restore(before, { sessions: this.#sessions, words: this.#wording.words, offer })
      } else {
        await this.#sessions.open(undefined)
      }
      await this.#takeFragment()
      if (starts) this.#actions.start()
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.requestUpdate()
      throw error
    }
  }

  async #takeFragment(): Promise<void> {
    if (isSessionFragment(location.hash.slice(1))) await (await this.#share()).takeFragment()
  }

  /** Loads the code for sharing, which few visits need. */
  async #share(): Promise<Sharing> {
    const { Sharing } = await import('./parts/sharing.ts')
    this.#sharing ??= new Sharing({ ...this.#session, inspector: this.#inspector })
    return this.#sharing
  }

  /** A session has been opened and replayed: from here on it takes the reader's inputs. */
  #opened(live: LiveSession): void {
    this.#code.sync()
    this.#resized()
    this.#screens.openOn(live)
    this.#prompt.insertEarly()
    this.#frames.changed()
    this.#store.soon()
    void this.#choice.opened()
  }

  #resized(): void {
    this.#screens.fit()
    const live = this.#sessions.ready
    if (live !== undefined && this.#timeTravel.moment === undefined) this.#screens.tellSizes(live)
  }

  protected override render(): TemplateResult {
    const { speech, words } = this.#wording
    const live = this.#sessions.live
    const now = live?.now ?? 0
    const machine = live?.data().machine ?? MACHINE
    const drawn = this.#frames.draws()
    const classes = [
      'lab play',
      this.#viewport.narrow ? 'narrow' : '',
      this.#viewport.typesInInput ? 'phone' : '',
      this.#timeTravel.moment === undefined ? '' : 'looks-back',
    ]
    return html`
      ${screenStyle()}
      <section
        class=${classes.join(' ')}
        aria-label=${words.label}
        aria-busy=${this.#sessions.replaying ? 'true' : 'false'}
      >
        ${bar(this.#bar, machine, now)}
        ${this.#sessions.notice === '' ? nothing : html`<p class="notice" role="status">${this.#sessions.notice}</p>`}
        ${this.#choice.render()} ${this.#sharing?.offer()}
        ${guard([drawn.rows, drawn.state], () => this.#stage(machine, now, drawn))}
        ${guard([drawn.around], () => this.#around(machine, now))}
        ${guard([drawn.around], () => this.#moment(now))}
        ${guard([drawn.around], () => html`${this.#sentence()} ${this.#inspector.render(machine)}`)}
        ${this.#sharing?.panel()}
        <button
          class="skip"
          @click=${() => this.renderRoot.querySelector<HTMLElement>('.panels summary')?.focus()}
        >
          ${speech.words.terminal.skip}
        </button>
        ${this.#terminals()}
        <p class="hint" role="status">${this.#typing.hint}</p>
        <div class="panels">
          ${this.#code.render()}
          ${guard([machine], () =>
            settingsPanel({
              words,
              machine,
              onApply: (machine) => void this.#actions.changeMachine(machine),
            }),
          )}
          ${guard([this.#figures.version], () =>
            this.#figures.render(() => {
              this.#frames.updateFigures()
              this.requestUpdate()
            }),
          )}
          ${this.#measuring.render()}
        </div>
        ${guard([this.#typing.screenReader], () =>
          footNote({
            speech,
            about: this.#wording.chapters['about']?.href ?? '',
            screenReader: this.#typing.screenReader,
            onScreenReader: (on) => this.#typing.readOut(on, this.#screens.open),
          }),
        )}
      </section>
    `
  }

  #stage(machine: MachineSettings, now: number, turn: { rows: unknown; state: unknown }): TemplateResult {
    const live = this.#sessions.live
    const lookBack = {
      until: now,
      from: this.#timeTravel.from,
      onMoment: (at: number, from: number) => this.#timeTravel.look(at, from),
    }
    return stage({
      speech: this.#wording.speech,
      scenario: { machine, clients: live?.desk.load ?? HELLO.clients, zoom: {} },
      picture: this.#timeTravel.picture,
      width: Math.max(LEAST_WIDTH, this.#viewport.width - SIDES),
      now: this.#timeTravel.moment ?? now,
      running: live?.machine.pace.running ?? false,
      clientsOn: live?.desk.clientsOn ?? false,
      onKill: (pid) => this.#do({ type: 'signal', pid, signal: 'KILL' }),
      onClients: () => this.#do({ type: 'clients', on: live?.desk.clientsOn !== true }),
      things: { chosen: this.#inspector.chosen, onChoose: (thing) => this.#inspector.choose(thing) },
      turn,
      ...(now === 0 ? {} : { lookBack }),
    })
  }

  #around(machine: MachineSettings, now: number): unknown {
    return aroundRows({
      speech: this.#wording.speech,
      words: this.#wording.words,
      picture: this.#timeTravel.picture,
      now: this.#timeTravel.moment ?? now,
      machine,
      wide: this.#viewport.width - SIDES >= WIDE,
      chosen: this.#inspector.chosen,
      onChoose: (thing) => this.#inspector.choose(thing),
    })
  }

  #moment(now: number): TemplateResult | typeof nothing {
    if (now === 0 || this.#sessions.replaying) return nothing
    return momentBar({
      speech: this.#wording.speech,
      words: this.#wording.words,
      moment: this.#timeTravel.moment,
      until: now,
      onMoment: (at) => this.#timeTravel.look(at),
      onNeighbour: (direction) => this.#timeTravel.neighbour(direction),
      onBranch: () => void this.#undoRedo.branch(),
      onNow: () => this.#timeTravel.backToNow(),
    })
  }

  #sentence(): TemplateResult {
    const { speech, words, chapters } = this.#wording
    const failed =
      this.#failure === undefined ? undefined : speech.say(words.failed, { reason: this.#failure })
    const instead = failed ?? (this.#sessions.replaying ? words.replaying : undefined)
    return sentence({ speech, words, chapters, happened: this.#timeTravel.picture.happened, instead })
  }

  #terminals(): TemplateResult {
    const screens = this.#screens
    return terminals({
      speech: this.#wording.speech,
      words: this.#wording.words,
      panes: screens.panes.map(({ name, host }) => ({ name, host, title: screens.title(name) })),
      front: screens.front,
      onFront: (name) => {
        screens.front = name
      },
      onNew: screens.hasRoom ? () => void this.#actions.openTerminal() : undefined,
      below: this.#prompt.render(),
    })
  }
}
