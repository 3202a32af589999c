import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import type { BrowserMachine } from '../../simulator/host/browser/index.ts'
import type { Input, MachineSettings, SessionData } from '../../simulator/scenario/session/index.ts'
import type { InsertCommand } from '../components/command.ts'
import { footNote } from '../lab/foot-note.ts'
import { WIDE } from '../lab/picture/geometry.ts'
import { Place } from '../lab/place.ts'
import { stage } from '../lab/stage.ts'
import { styles as labStyles } from '../lab/styles.ts'
import { screenStyle, screenStyleLoaded } from '../lab/terminal/style.ts'
import { Typing } from '../lab/terminal/typing.ts'
import { LONGEST_STEP } from '../lab/time.ts'
import { kept, Keeper } from './keep.ts'
import type { Live } from './live.ts'
import { Asking } from './parts/asking.ts'
import { Code } from './parts/code.ts'
import type { Common, WithSession } from './parts/common.ts'
import { Frames } from './parts/frames.ts'
import { Hands } from './parts/hands.ts'
import { Measuring } from './parts/measuring.ts'
import { Past } from './parts/past.ts'
import { Prompt } from './parts/prompt.ts'
import { Screens } from './parts/screens.ts'
import type { Sharing } from './parts/sharing.ts'
import { Sitting } from './parts/sitting.ts'
import { Ways } from './parts/ways.ts'
import { Wording } from './parts/wording.ts'
import { MACHINE, preset } from './presets.ts'
import { isSessionFragment } from './session-text.ts'
import { styles } from './styles/index.ts'
import { aroundRows } from './view/around.ts'
import { FiguresPanel } from './view/figures.ts'
import { sentence } from './view/sentence.ts'
import { memorySize, settingsPanel } from './view/settings.ts'
import { terminals } from './view/terminals.ts'
import { momentBar, timeBar } from './view/time.ts'

/** A step to the next event goes as far as it must, up to this, in virtual ms. */
const LONGEST_WAIT = 3_600_000
/** So far "skip" goes, in virtual ms. */
const SKIPPED = 30_000
/** So much of the width the picture leaves at its sides, in px, and so wide it is at least. */
const SIDES = 30
const LEAST_WIDTH = 300

/**
 * The playground: a machine that can be set up, used, broken, looked back at, and sent to somebody else. Each of its parts has a
 * file of its own; here they are put together, and shown.
 */
export class SwPlayground extends LitElement {
  static override styles = [labStyles, ...styles]

  readonly #wording = new Wording(this)
  readonly #figures = new FiguresPanel(this.#wording)
  readonly #measuring = new Measuring(this, this.#wording)
  readonly #typing = new Typing(this, () => this.#wording.speech)
  readonly #keeper: Keeper = new Keeper(() => this.#sitting.ready?.data())
  readonly #do = (...inputs: readonly Input[]): void => void this.#hands.do(...inputs)
  readonly #place: Place = new Place(this, {
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
      if (this.#place.visible) this.#frames.changed()
    },
    onTheme: () => {
      this.#screens.recolor()
      this.#figures.refresh()
    },
  })
  readonly #common: Common = {
    host: this,
    wording: this.#wording,
    place: this.#place,
    typing: this.#typing,
  }
  readonly #screens: Screens = new Screens({
    ...this.#common,
    live: () => this.#sitting.live,
    onKeys: (terminal, keys) => this.#prompt.keys(terminal, keys),
  })
  readonly #sitting: Sitting = new Sitting({
    ...this.#common,
    screens: this.#screens,
    onLeave: () => {
      this.#past.forget()
      this.#ways.forget()
    },
    onOpened: (live) => this.#opened(live),
    onChange: () => this.#frames.changed(),
  })
  readonly #past = new Past({ ...this.#common, screens: this.#screens, sitting: this.#sitting })
  readonly #session: WithSession = {
    ...this.#common,
    screens: this.#screens,
    sitting: this.#sitting,
    past: this.#past,
    keeper: this.#keeper,
  }
  readonly #ways = new Ways(this.#session)
  readonly #frames = new Frames({ ...this.#session, figures: this.#figures })
  readonly #prompt = new Prompt(this.#session)
  readonly #asking: Asking = new Asking({
    ...this.#session,
    onChoose: () => this.#sharing?.close(),
    onDo: this.#do,
  })
  readonly #hands = new Hands({ ...this.#session, ways: this.#ways, asking: this.#asking })
  readonly #code = new Code({
    ...this.#session,
    onPreset: (id) => void this.#hands.begin(id),
    onDo: this.#do,
  })
  #sharing: Sharing | undefined
  #failure: string | undefined

  /** The machine of this session: for tests, and for curious readers in the console. */
  get machine(): BrowserMachine | undefined {
    return this.#sitting.ready?.machine
  }

  /** All that was done so far. */
  get session(): SessionData | undefined {
    return this.#sitting.live?.data()
  }

  /** All that a terminal shows. */
  terminalText(name: string): string {
    return this.#screens.pane(name)?.screen?.text ?? ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const place = this.#place
    place.listen(document, 'sw-insert-command', (event) =>
      this.#prompt.insert((event as CustomEvent<InsertCommand>).detail),
    )
    place.listen(window, 'hashchange', () => void this.#takeFragment())
    place.listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#keeper.now()
    })
    place.listen(window, 'pagehide', () => this.#keeper.now())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#keeper.dispose()
    this.#sitting.dispose()
    this.#figures.dispose()
    this.#screens.dispose()
  }

  protected override firstUpdated(changed: PropertyValues<this>): void {
    super.firstUpdated(changed)
    for (const child of [...this.children]) if (child.tagName !== 'SCRIPT') child.remove()
    void this.#begin()
  }

  /** Where the visit begins: with what a link brings, with what was left, or anew. */
  async #begin(): Promise<void> {
    try {
      await screenStyleLoaded(this.renderRoot)
      const before = kept()
      if (before !== undefined && before.until > 0) {
        this.#sitting.paused = true
        await this.#sitting.open(before)
        this.#sitting.notice = this.#wording.words.restored
      } else {
        await this.#sitting.open(undefined)
      }
      await this.#takeFragment()
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.requestUpdate()
      throw error
    }
  }

  async #takeFragment(): Promise<void> {
    if (isSessionFragment(location.hash.slice(1))) await (await this.#share()).takeFragment()
  }

  /** Few visits send a session or bring one: what that takes is loaded then. */
  async #share(): Promise<Sharing> {
    const { Sharing } = await import('./parts/sharing.ts')
    this.#sharing ??= new Sharing({ ...this.#session, asking: this.#asking })
    return this.#sharing
  }

  /** A session has come as far as it had gone: from here on the reader does things to it. */
  #opened(live: Live): void {
    this.#code.sync()
    this.#resized()
    this.#screens.openOn(live)
    this.#prompt.insertEarly()
    this.#frames.changed()
    this.#keeper.soon()
  }

  #resized(): void {
    this.#screens.fit()
    const live = this.#sitting.ready
    if (live !== undefined && this.#past.moment === undefined) this.#screens.tellSizes(live)
  }

  protected override render(): TemplateResult {
    const { speech, words } = this.#wording
    const live = this.#sitting.live
    const now = live?.now ?? 0
    const machine = live?.data().machine ?? MACHINE
    const drawn = this.#frames.draws()
    const classes = [
      'lab play',
      this.#place.narrow ? 'narrow' : '',
      this.#place.typesInInput ? 'phone' : '',
      this.#past.moment === undefined ? '' : 'looks-back',
    ]
    return html`
      ${screenStyle()}
      <section
        class=${classes.join(' ')}
        aria-label=${words.label}
        aria-busy=${this.#sitting.replaying ? 'true' : 'false'}
      >
        ${this.#bar(machine, now)}
        ${this.#sitting.notice === '' ? nothing : html`<p class="notice" role="status">${this.#sitting.notice}</p>`}
        ${this.#sharing?.offer()} ${guard([drawn.rows, drawn.state], () => this.#stage(machine, now, drawn))}
        ${guard([drawn.around], () => this.#around(machine, now))}
        ${guard([drawn.around], () => this.#moment(now))}
        ${guard([drawn.around], () => html`${this.#sentence()} ${this.#asking.render(machine)}`)}
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
              speech,
              words,
              machine,
              onApply: (machine) => void this.#hands.changeMachine(machine),
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

  #bar(machine: MachineSettings, now: number): TemplateResult {
    const { speech, words } = this.#wording
    const { facts } = speech.words
    const running = this.#sitting.live?.history.picture.server
    const program = running?.until === undefined ? running?.program : undefined
    const asked = this.#asking.chosen?.kind === 'machine'
    return timeBar({
      speech,
      words,
      facts: [
        speech.say(facts.cores, { count: machine.cores }),
        memorySize(machine.memory, speech, words),
        ...(program === undefined
          ? []
          : [`${program === 'fastapi' ? 'fastapi-cli' : program} ${machine.versions[program]}`]),
      ],
      canStart: this.#hands.canStart,
      begun: now > 0,
      paused: this.#sitting.paused,
      speed: this.#sitting.speed,
      reached: this.#sitting.live?.machine.pace.reached,
      canUndo: this.#ways.canUndo,
      canRedo: this.#ways.canRedo,
      asked,
      onMachine: () => this.#asking.choose(asked ? undefined : { kind: 'machine' }),
      onStart: () => this.#hands.start(),
      onPause: () => this.#hands.pause(),
      onStep: () => void this.#hands.step(LONGEST_STEP),
      onNext: () => void this.#hands.step(LONGEST_WAIT),
      onSkip: () => void this.#hands.skip(SKIPPED),
      onSpeed: (speed) => {
        this.#sitting.speed = speed
      },
      onUndo: () => void this.#ways.undo(),
      onRedo: () => void this.#ways.redo(),
      onReset: () => void this.#hands.reset(),
      onLink: () => void this.#share().then((sharing) => sharing.show()),
    })
  }

  #stage(machine: MachineSettings, now: number, turn: { rows: unknown; state: unknown }): TemplateResult {
    const live = this.#sitting.live
    const past = {
      until: now,
      from: this.#past.from,
      onMoment: (at: number, from: number) => this.#past.look(at, from),
    }
    return stage({
      speech: this.#wording.speech,
      scenario: { machine, clients: live?.desk.load ?? preset('hello').clients, zoom: {} },
      picture: this.#past.picture,
      width: Math.max(LEAST_WIDTH, this.#place.width - SIDES),
      now: this.#past.moment ?? now,
      running: live?.machine.pace.running ?? false,
      clientsOn: live?.desk.clientsOn ?? false,
      onKill: (pid) => this.#do({ type: 'signal', pid, signal: 'KILL' }),
      onClients: () => this.#do({ type: 'clients', on: live?.desk.clientsOn !== true }),
      things: { chosen: this.#asking.chosen, onChoose: (thing) => this.#asking.choose(thing) },
      turn,
      ...(now === 0 ? {} : { past }),
    })
  }

  #around(machine: MachineSettings, now: number): unknown {
    return aroundRows({
      speech: this.#wording.speech,
      words: this.#wording.words,
      picture: this.#past.picture,
      now: this.#past.moment ?? now,
      machine,
      wide: this.#place.width - SIDES >= WIDE,
      chosen: this.#asking.chosen,
      onChoose: (thing) => this.#asking.choose(thing),
    })
  }

  #moment(now: number): TemplateResult | typeof nothing {
    if (now === 0 || this.#sitting.replaying) return nothing
    return momentBar({
      speech: this.#wording.speech,
      words: this.#wording.words,
      moment: this.#past.moment,
      until: now,
      onMoment: (at) => this.#past.look(at),
      onNeighbour: (direction) => this.#past.neighbour(direction),
      onBranch: () => void this.#ways.branch(),
      onNow: () => this.#past.backToNow(),
    })
  }

  #sentence(): TemplateResult {
    const { speech, words, chapters } = this.#wording
    const failed =
      this.#failure === undefined ? undefined : speech.say(words.failed, { reason: this.#failure })
    const instead = failed ?? (this.#sitting.replaying ? words.replaying : undefined)
    return sentence({ speech, words, chapters, happened: this.#past.picture.happened, instead })
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
      onNew: screens.hasRoom ? () => void this.#hands.openTerminal() : undefined,
      below: this.#prompt.render(),
    })
  }
}
