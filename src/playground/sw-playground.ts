import xtermStyle from '@xterm/xterm/css/xterm.css?url'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { createRef, type Ref } from 'lit/directives/ref.js'
import type { BrowserMachine, Language } from '../../simulator/host/browser/index.ts'
import { EMPTY, type Picture } from '../../simulator/machine/view/index.ts'
import { serverWorkers } from '../../simulator/scenario/server-workers/index.ts'
import type { Input, MachineSettings, SessionData } from '../../simulator/scenario/session/index.ts'
import { LIMITS } from '../../simulator/scenario/session/index.ts'
import { decodeKeys, type Key } from '../../simulator/shell/editor/keys.ts'
import type { Hint } from '../../simulator/shell/session.ts'
import type { InsertCommand } from '../components/command.ts'
import { line } from '../lab/line.ts'
import { ROOMY, WIDE } from '../lab/picture/geometry.ts'
import type { Thing } from '../lab/picture/things.ts'
import { stage } from '../lab/stage.ts'
import { styles as labStyles } from '../lab/styles.ts'
import { Screen } from '../lab/terminal/screen.ts'
import { Speech, type LabWords } from '../lab/words.ts'
import { chapterOf } from './chapters.ts'
import type { Editor } from './editor.ts'
import { forget, keep, kept } from './keep.ts'
import { fromFragment, fromText, isSessionFragment, toFragment, type LinkProblem } from './link.ts'
import { Live } from './live.ts'
import { counts, measure, type Point } from './own/measure.ts'
import {
  APP,
  freshSession,
  MACHINE,
  preset,
  presetOf,
  START,
  TWIN,
  type Preset,
  type PresetId,
} from './presets.ts'
import { styles } from './styles.ts'
import { application } from './view/application.ts'
import { aroundRows } from './view/around.ts'
import { FiguresPanel } from './view/figures.ts'
import { inspector } from './view/inspector.ts'
import { linkPanel, offer, problemText } from './view/link.ts'
import { ownPanel } from './view/own.ts'
import { memorySize, settingsPanel } from './view/settings.ts'
import { chips, terminals } from './view/terminals.ts'
import { momentBar, timeBar } from './view/time.ts'
import type { Chapters, PlayWords } from './words.ts'

/** Below this width (px) there is one terminal at a time. */
const NARROW = 700
/** With reduced motion the picture is drawn in steps, so often, in ms. */
const CALM = 500
/** Otherwise a part of it in each frame, up to eighty times a second: the rows most often, for they move. */
const SMOOTH = 12
const TURNS = ['rows', 'state', 'rows', 'around'] as const
type Turn = (typeof TURNS)[number] | 'figures' | 'all'
/** A step goes no further than so many virtual ms; to the next event it goes as far as it must, up to this. */
const LONGEST_STEP = 500
const LONGEST_WAIT = 3_600_000
/** So often the figures are drawn anew while the machine runs, and the session is kept, in ms of the wall. */
const FIGURES = 1000
const KEEP = 2000
/** So many pieces of a terminal are shown while one looks back. */
const PAST_PIECES = 300
const READER_KEY = 'sw-screen-reader'

interface TerminalPane {
  readonly name: string
  readonly host: Ref<HTMLElement>
  screen?: Screen
}

/** The playground: a machine that can be set up, used, broken, looked back at, and sent to somebody else. */
export class SwPlayground extends LitElement {
  static override styles = [labStyles, styles]

  #speech!: Speech
  #words!: PlayWords
  #chapters: Chapters = {}
  #figures!: FiguresPanel
  #live: Live | undefined
  /** Counts sessions that were opened: one that comes late is dropped. */
  #turn = 0
  #panes: TerminalPane[] = []
  #front = 'server'
  #failure: string | undefined
  #replaying = false
  #paused = false
  #speed = 1
  #visible = true
  #width = 0
  #touch = false
  #tabMoves = false
  #escaped = false
  #hint = ''
  #screenReader = false
  /** Looking back: the moment shown, and the time at the picture's left end. */
  #moment: number | undefined
  #from: number | undefined
  #momentPicture: Picture = EMPTY
  #momentDrawn: number | undefined
  #chosen: Thing | undefined
  /** Ways that were left by undoing or by going another way, and how much had been done where each was left. */
  #left: { readonly session: SessionData; readonly done: number }[] = []
  /** What came with a link and waits for a click. */
  #offered: SessionData | undefined
  #notice = ''
  #link: { url: string | undefined; size: number; copied: boolean } | undefined
  // The application
  #applicationOpen = false
  readonly #editorHosts: Record<'app' | 'twin', Ref<HTMLElement>> = { app: createRef(), twin: createRef() }
  #editors: { app: Editor; twin: Editor } | undefined
  #draft: string | undefined
  #saved = false
  // The reader's browser
  #points: Point[] = []
  #measuring: number | undefined
  #early: InsertCommand | undefined
  #frame: number | undefined
  #lastFrame = 0
  #lastFigures = 0
  /** While the machine runs, the picture and what stands around it are drawn in turns, each in a frame of its own. */
  #turnOf: Turn = 'all'
  #turns = 0
  /** Another object for each time that the part was drawn. */
  #drawn: Readonly<Record<(typeof TURNS)[number], unknown>> = { rows: 0, state: 0, around: 0 }
  readonly #reduced = matchMedia('(prefers-reduced-motion: reduce)')
  #keeper: ReturnType<typeof setTimeout> | undefined
  #cleanUp: (() => void)[] = []

  /** The machine of this session: for tests, and for curious readers in the console. */
  get machine(): BrowserMachine | undefined {
    return this.#replaying ? undefined : this.#live?.machine
  }

  /** All that was done so far. */
  get session(): SessionData | undefined {
    return this.#live?.data()
  }

  /** All that a terminal shows. */
  terminalText(name: string): string {
    return this.#pane(name)?.screen?.text ?? ''
  }

  override connectedCallback(): void {
    this.#speech = new Speech(this.#json('words') as LabWords, this.lang === '' ? 'en' : this.lang)
    this.#words = this.#json('play-words') as PlayWords
    this.#chapters = this.#json('chapters') as Chapters
    this.#figures = new FiguresPanel(this.#words, this.#speech)
    this.#screenReader = localStorage.getItem(READER_KEY) === 'on'
    super.connectedCallback()
    this.#watch()
  }

  #json(name: string): unknown {
    const text = this.querySelector(`script[data-${name}]`)?.textContent
    if (text == null) {
      throw new Error(`<sw-playground> expects a <script type="application/json" data-${name}> child.`)
    }
    return JSON.parse(text)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const undo of this.#cleanUp.splice(0)) undo()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    clearTimeout(this.#keeper)
    this.#turn += 1
    void this.#live?.dispose()
    this.#live = undefined
    this.#figures.dispose()
    this.#editors?.app.dispose()
    this.#editors?.twin.dispose()
    for (const { screen } of this.#panes) screen?.dispose()
  }

  protected override firstUpdated(changed: PropertyValues<this>): void {
    super.firstUpdated(changed)
    for (const child of [...this.children]) if (child.tagName !== 'SCRIPT') child.remove()
    void this.#begin()
  }

  /** Where the visit begins: with what a link brings, with what was left, or anew. */
  async #begin(): Promise<void> {
    try {
      const style = this.renderRoot.querySelector('link')
      if (style?.sheet == null) {
        await new Promise((resolve, reject) => {
          style?.addEventListener('load', resolve)
          style?.addEventListener('error', () => reject(new Error(`${xtermStyle} could not be loaded`)))
        })
      }
      const before = kept()
      if (before !== undefined && before.until > 0) {
        this.#paused = true
        await this.#openSession(before)
        this.#notice = this.#words.restored
      } else {
        await this.#openSession(undefined)
      }
      await this.#takeFragment()
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.requestUpdate()
      throw error
    }
  }

  async #takeFragment(): Promise<void> {
    const fragment = location.hash.slice(1)
    if (!isSessionFragment(fragment)) return
    const read = await fromFragment(fragment)
    if ('session' in read) this.#offer(read.session)
    else this.#refuse(read.problem, false)
  }

  /** Shows what somebody sent. None of it runs yet. */
  #offer(session: SessionData): void {
    this.#paused = true
    this.#notice = ''
    this.#offered = session
    this.#changed()
    this.requestUpdate()
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('.offer')?.scrollIntoView({ block: 'nearest' }),
    )
  }

  #refuse(problem: LinkProblem, file: boolean): void {
    this.#offered = undefined
    this.#notice = problemText(problem, this.#words, this.#speech, file)
    this.requestUpdate()
  }

  /** Opens a session in the place of the present one, and plays it as far as it had gone. Without one: a fresh machine. */
  async #openSession(session: SessionData | undefined): Promise<void> {
    const turn = ++this.#turn
    this.#moment = undefined
    this.#momentDrawn = undefined
    this.#from = undefined
    const old = this.#live
    this.#live = undefined
    this.#left = []
    this.#replaying = true
    this.requestUpdate()
    await old?.dispose()
    const names = session?.inputs.filter((input) => input.type === 'open').map(({ terminal }) => terminal)
    await this.#showPanes(names ?? ['server'])
    if (turn !== this.#turn) return
    const start = session ?? freshSession(MACHINE, preset('hello'), ...this.#size('server'))
    const live = await Live.open(start, {
      words: this.#speech.words.shell,
      completions: serverWorkers.completions,
      language: this.#language,
      drawsLine: !this.#typesInInput,
      onChange: () => this.#changed(),
      onScreen: (name, text) => this.#pane(name)?.screen?.write(text),
      onHint: (name, hint) => this.#explain(name, hint),
    })
    if (turn !== this.#turn || !this.isConnected) return void live.dispose()
    this.#live = live
    await live.catchUp()
    if (turn !== this.#turn) return
    this.#replaying = false
    this.#draft = undefined
    this.#syncEditors()
    live.machine.pace.speed = this.#speed
    this.#resized()
    for (const { name } of this.#panes) this.#openInSession(name)
    if (this.#early !== undefined) this.#insert(this.#early)
    this.#early = undefined
    this.#changed()
    this.#keepSoon()
  }

  get #language(): Language {
    return this.lang === 'zh-CN' ? 'zh-cn' : this.lang === 'ko' ? 'ko' : 'en'
  }

  // Terminals

  #pane(name: string): TerminalPane | undefined {
    return this.#panes.find((pane) => pane.name === name)
  }

  /** Columns and rows. */
  #size(name: string): readonly [columns: number, rows: number] {
    const { columns = 80, rows = 24 } = this.#pane(name)?.screen ?? {}
    const within = (size: number, [least, most]: readonly [number, number]): number =>
      Math.max(least, Math.min(most, size))
    return [within(columns, LIMITS.columns), within(rows, LIMITS.rows)]
  }

  /** A terminal that is on the page but not on the machine yet. */
  #openInSession(name: string): void {
    if (this.#live?.desk.terminals.has(name) === false) {
      const [columns, rows] = this.#size(name)
      this.#live.do({ type: 'open', terminal: name, columns, rows })
    }
  }

  /** Brings the page's terminals in line with those of a session, empty. */
  async #showPanes(names: readonly string[]): Promise<void> {
    for (const { name, screen } of this.#panes) {
      if (!names.includes(name)) screen?.dispose()
      else screen?.reset()
    }
    this.#panes = names.map((name) => this.#pane(name) ?? { name, host: createRef() })
    if (!names.includes(this.#front)) this.#front = names[0] ?? 'server'
    this.requestUpdate()
    await this.updateComplete
    for (const pane of this.#panes) await this.#openScreen(pane)
    this.#fit()
  }

  async #openScreen(pane: TerminalPane): Promise<void> {
    const host = pane.host.value
    if (host === undefined || pane.screen !== undefined) return
    const { terminal } = this.#speech.words
    const { name } = pane
    const label = this.#speech.say(this.#words.terminals.line, { terminal: this.#title(name) })
    pane.screen = await Screen.open(
      host,
      {
        label: `${label}. ${terminal.help}`,
        tooMuch: terminal.tooMuch,
        screenReader: this.#screenReader,
        fontSize: 12,
      },
      {
        onData: (data) => this.#keys(name, decodeKeys(data)),
        tabMoves: () =>
          this.#tabMoves || this.#escaped || this.#live?.desk.terminals.get(name)?.line.text === '',
        onToggleTab: () => {
          this.#tabMoves = !this.#tabMoves
          this.#say(this.#tabMoves ? terminal.tabMoves : terminal.tabCompletes)
        },
        onEscape: () => {
          this.#escaped = true
          this.#say(terminal.escape)
        },
      },
    )
    pane.screen.takesKeys = !this.#typesInInput
  }

  async #newTerminal(): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#panes.length >= LIMITS.terminals || this.#replaying) return
    const name = this.#pane('client') === undefined ? 'client' : `terminal-${this.#panes.length + 1}`
    const pane: TerminalPane = { name, host: createRef() }
    this.#panes = [...this.#panes, pane]
    this.#front = name
    this.requestUpdate()
    await this.updateComplete
    await this.#openScreen(pane)
    this.#resized()
    if (this.#live !== live) return
    this.#openInSession(name)
    if (!this.#typesInInput) pane.screen?.focus()
    this.#changed()
  }

  #title(name: string): string {
    const { terminal } = this.#speech.words
    if (name === 'server' || name === 'client') return terminal[name]
    return this.#speech.say(this.#words.terminals.number, { number: name.replace(/^.*-/, '') })
  }

  #keys(name: string, keys: readonly Key[]): void {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    if (this.#moment !== undefined) return this.#say(this.#words.moment.pastKeys)
    if (keys.some(({ key }) => key !== 'escape')) {
      this.#escaped = false
      this.#say('')
    }
    live.recorder.keys(name, keys)
    if (keys.some(({ key }) => key === 'enter') && this.#paused) this.#say(this.#words.paused)
    this.#keepSoon()
    this.#changed()
  }

  #explain(name: string, hint: Hint): void {
    const { hints } = this.#speech.words
    const busy =
      this.#live?.desk.terminals.get(name)?.foreground === 'server' ? hints.busy : hints.busyProgram
    this.#say(hint === 'busy' ? busy : hints[hint])
  }

  /** A command from elsewhere: into the line, not run. */
  #insert({ command, terminal }: InsertCommand): void {
    const live = this.#live
    if (live === undefined || this.#replaying) {
      this.#early = { command, terminal }
      return
    }
    const name = this.#pane(terminal) === undefined ? this.#front : terminal
    this.#front = name
    const taken = live.desk.terminals.get(name)?.insert(command) ?? false
    this.#say(taken ? '' : this.#speech.words.hints.pending)
    this.requestUpdate()
    void this.updateComplete.then(() => {
      if (this.#typesInInput)
        this.renderRoot.querySelector<HTMLInputElement>('.line input')?.focus({ preventScroll: true })
      else this.#pane(name)?.screen?.focus()
    })
  }

  // What happens

  #changed(): void {
    this.#steer()
    if (this.#frame === undefined) this.#frame = requestAnimationFrame((now) => this.#draw(now))
  }

  /** Time goes on when the reader wants it to, the page is in view, and there is something to come. */
  #steer(): void {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    const { pace } = live.machine
    const goes = !this.#paused && this.#visible && this.#moment === undefined && live.isActive
    if (goes && !pace.running) pace.run()
    else if (!goes && pace.running) void pace.pause()
  }

  #draw(now: number): void {
    this.#frame = undefined
    const pace = this.#live?.machine.pace
    const running = pace?.running === true
    const inTurns = running && !this.#reduced.matches
    if (!running || (pace.leaves(now) && now - this.#lastFrame > (inTurns ? SMOOTH : CALM))) {
      this.#lastFrame = now
      this.#drawPast()
      this.#drawTurn(this.#nextTurn(now, running, inTurns))
    }
    this.#steer()
    if (running) this.#frame = requestAnimationFrame((next) => this.#draw(next))
  }

  /** What is drawn in this frame. */
  #nextTurn(now: number, running: boolean, inTurns: boolean): Turn {
    const due = this.#figures.open && (!running || now - this.#lastFigures > FIGURES)
    if (due) {
      this.#lastFigures = now
      this.#updateFigures()
    }
    if (!inTurns) return 'all'
    if (due) return 'figures'
    this.#turns += 1
    return TURNS[this.#turns % TURNS.length] ?? 'all'
  }

  #drawTurn(turn: Turn): void {
    // Something else that has changed is drawn whole.
    this.#turnOf = this.isUpdatePending ? 'all' : turn
    this.requestUpdate()
  }

  protected override updated(): void {
    this.#turnOf = 'all'
  }

  #updateFigures(): void {
    const live = this.#live
    if (live !== undefined) this.#figures.update(live.measures, this.#moment ?? live.now, live.data().machine)
  }

  #say(hint: string): void {
    if (hint === this.#hint) return
    this.#hint = hint
    this.requestUpdate()
  }

  /** Does something to the machine; while one looks back, to the machine as it was then. */
  async #do(...inputs: readonly Input[]): Promise<void> {
    if (this.#replaying) return
    if (this.#moment !== undefined) await this.#branch()
    for (const input of inputs) this.#live?.do(input)
    this.#keepSoon()
    this.#changed()
  }

  #start(): void {
    if (!this.#canStart) return
    this.#paused = false
    this.#say('')
    this.#notice = ''
    void this.#do({ type: 'line', terminal: 'server', text: START }, { type: 'clients', on: true })
  }

  get #canStart(): boolean {
    const live = this.#live
    if (live === undefined || this.#replaying || this.#moment !== undefined) return false
    return !live.serverLives && live.desk.terminals.get('server')?.foreground === 'none'
  }

  #pause(): void {
    this.#paused = !this.#paused
    this.#say('')
    this.#notice = ''
    if (!this.#paused && this.#moment !== undefined) this.#backToNow()
    this.#changed()
    this.requestUpdate()
  }

  /** Goes on to the next event that leaves a trace, however many only move a timer before it. */
  async #step(longest: number): Promise<void> {
    const machine = this.#live?.machine
    if (machine === undefined || this.#replaying) return
    if (this.#moment !== undefined) this.#backToNow()
    this.#paused = true
    const { kernel, pace } = machine
    const before = kernel.recorded
    const end = kernel.now + longest
    while (kernel.recorded === before && kernel.now < end && (await pace.step()));
    this.#changed()
    this.requestUpdate()
  }

  async #skip(ms: number): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    if (this.#moment !== undefined) this.#backToNow()
    await live.machine.pace.skip(ms)
    this.#keepSoon()
    this.#changed()
  }

  #setSpeed(speed: number): void {
    this.#speed = speed
    if (this.#live !== undefined) this.#live.machine.pace.speed = speed
    this.requestUpdate()
  }

  async #reset(): Promise<void> {
    const live = this.#live
    if (live === undefined) return
    const { machine, files, clients } = live.data()
    const size = this.#size('server')
    this.#paused = false
    this.#hint = ''
    this.#notice = ''
    this.#chosen = undefined
    forget()
    await this.#openSession({
      ...freshSession(machine, preset('hello'), ...size),
      files,
      clients,
    })
  }

  // Looking back

  #look(at: number, from?: number): void {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    if (at >= live.now) return this.#backToNow()
    this.#moment = live.history.moment(Math.round(Math.max(0, at)))
    this.#from = from
    this.#momentPicture = live.history.at(this.#moment)
    this.#changed()
    this.requestUpdate()
  }

  #neighbour(direction: 1 | -1): void {
    const live = this.#live
    if (live === undefined) return
    const at = live.history.neighbour(this.#moment ?? live.now, direction)
    if (at === undefined) return direction === 1 ? this.#backToNow() : this.#look(0)
    // The moment is a whole millisecond: that in which the event has happened.
    const whole = direction === 1 ? Math.ceil(at) : Math.floor(at)
    this.#look(whole === this.#moment ? whole + direction : whole, this.#from)
  }

  /** The terminals as they were. */
  #drawPast(): void {
    const live = this.#live
    if (live === undefined || this.#moment === this.#momentDrawn) return
    this.#momentDrawn = this.#moment
    const at = this.#moment
    if (at === undefined) return
    for (const { name, screen } of this.#panes) {
      screen?.reset()
      screen?.write(live.history.screen(name, at, PAST_PIECES))
    }
  }

  #backToNow(): void {
    const live = this.#live
    if (live === undefined || this.#moment === undefined) return
    this.#moment = undefined
    this.#momentDrawn = undefined
    this.#from = undefined
    for (const { name, screen } of this.#panes) {
      const session = live.desk.terminals.get(name)
      // The line being typed is drawn anew below what was shown.
      if (session !== undefined) session.drawsLine = false
      screen?.reset()
      screen?.write(live.history.screen(name, Infinity, Infinity))
      if (session !== undefined) session.drawsLine = !this.#typesInInput
    }
    this.#hint = ''
    this.#changed()
    this.requestUpdate()
  }

  /** Another way from the moment shown: what was done up to it, on a fresh machine. */
  async #branch(): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#moment === undefined) return
    await this.#leave(live.data(this.#moment))
  }

  async #undo(): Promise<void> {
    const session = this.#live?.undone()
    if (session === undefined || this.#replaying) return
    this.#hint = ''
    await this.#leave(session)
  }

  /** Opens an earlier state of this session; the way that is left can be taken again. */
  async #leave(session: SessionData): Promise<void> {
    const whole = this.#live?.data()
    const left = this.#redo === undefined ? [] : this.#left
    await this.#openSession(session)
    const done = this.#live?.done
    if (whole !== undefined && done !== undefined) this.#left = [...left, { session: whole, done }]
    this.requestUpdate()
  }

  /** The way that was left last, as long as nothing else has been done since. */
  get #redo(): SessionData | undefined {
    const last = this.#left.at(-1)
    return last?.done === this.#live?.done ? last?.session : undefined
  }

  async #again(): Promise<void> {
    const session = this.#redo
    if (session === undefined || this.#replaying) return
    const left = this.#left.slice(0, -1)
    this.#hint = ''
    await this.#openSession(session)
    this.#left = left
    this.requestUpdate()
  }

  // Settings, files, links

  async #settings(machine: MachineSettings): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    await this.#openSession({ ...live.data(), machine })
  }

  async #preset(id: PresetId): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#replaying) return
    const { machine } = live.data()
    this.#paused = false
    this.#saved = false
    this.#notice = ''
    this.#chosen = undefined
    await this.#openSession(freshSession(machine, preset(id), ...this.#size('server')))
  }

  get #files(): Readonly<Record<string, string>> {
    const kernel = this.#live?.machine.kernel
    return { [APP]: kernel?.readFile(APP) ?? '', [TWIN]: kernel?.readFile(TWIN) ?? '' }
  }

  async #openEditors(open: boolean): Promise<void> {
    this.#applicationOpen = open
    this.requestUpdate()
    if (!open || this.#editors !== undefined) return
    const { openEditor } = await import('./editor.ts')
    const [app, twin] = [this.#editorHosts.app.value, this.#editorHosts.twin.value]
    if (app === undefined || twin === undefined || this.#editors !== undefined) return
    const text = this.#words.application
    const root = this.renderRoot as ShadowRoot
    const common = { root, onSave: () => this.#save() }
    this.#editors = {
      app: openEditor({
        ...common,
        parent: app,
        text: this.#files[APP] ?? '',
        label: this.#speech.say(text.edit, { file: APP }),
        language: 'javascript',
        readOnly: false,
        onChange: (text) => {
          this.#draft = text === this.#files[APP] ? undefined : text
          this.#saved = false
          this.requestUpdate()
        },
      }),
      twin: openEditor({
        ...common,
        parent: twin,
        text: this.#files[TWIN] ?? '',
        label: this.#speech.say(text.twin, { file: TWIN }),
        language: 'python',
        readOnly: true,
        onChange: () => undefined,
      }),
    }
  }

  #syncEditors(): void {
    if (this.#editors === undefined) return
    this.#editors.app.text = this.#files[APP] ?? ''
    this.#editors.twin.text = this.#files[TWIN] ?? ''
    this.#draft = undefined
  }

  /** Saves the editor's text to the machine, and tells the server to reload it, if asked. */
  #save(reload = false): void {
    const text = this.#draft
    const server = this.#live?.history.picture.server
    const inputs: Input[] = []
    if (text !== undefined && text.length <= LIMITS.file) inputs.push({ type: 'write', file: APP, text })
    if (reload && server?.until === undefined && server !== undefined)
      inputs.push({ type: 'signal', pid: server.pid, signal: 'HUP' })
    if (inputs.length === 0) return
    this.#draft = undefined
    this.#saved = true
    void this.#do(...inputs)
    this.requestUpdate()
  }

  #keepSoon(): void {
    this.#keeper ??= setTimeout(() => {
      this.#keeper = undefined
      this.#keep()
    }, KEEP)
  }

  #keep(): void {
    const session = this.#replaying ? undefined : this.session
    if (session !== undefined && (session.until > 0 || session.inputs.length > 1)) keep(session)
  }

  async #showLink(): Promise<void> {
    const { session } = this
    if (session === undefined) return
    this.#chosen = undefined
    this.#link = { url: undefined, size: 0, copied: false }
    this.requestUpdate()
    const fragment = await toFragment(session)
    const url = new URL(location.href)
    url.hash = fragment
    this.#link = { url: url.href, size: fragment.length, copied: false }
    this.requestUpdate()
    await this.updateComplete
    this.#focusPanel()
  }

  async #copyLink(): Promise<void> {
    const link = this.#link
    if (link?.url === undefined) return
    await navigator.clipboard.writeText(link.url)
    this.#link = { ...link, copied: true }
    this.requestUpdate()
  }

  #saveFile(): void {
    const { session } = this
    if (session === undefined) return
    const url = URL.createObjectURL(new Blob([JSON.stringify(session)], { type: 'application/json' }))
    const anchor = document.createElement('a')
    anchor.href = url
    anchor.download = 'session.json'
    anchor.click()
    URL.revokeObjectURL(url)
  }

  async #openFile(file: File): Promise<void> {
    this.#link = undefined
    if (file.size > 8_000_000) return this.#refuse({ kind: 'too-large' }, true)
    const read = fromText(await file.text())
    if ('session' in read) this.#offer(read.session)
    else this.#refuse(read.problem, true)
  }

  async #runOffered(): Promise<void> {
    const session = this.#offered
    if (session === undefined) return
    this.#dismissOffer()
    this.#paused = true
    await this.#openSession(session)
  }

  #dismissOffer(): void {
    this.#offered = undefined
    // What was brought is not brought again by the reload of the page.
    history.replaceState(null, '', location.pathname + location.search)
    this.requestUpdate()
  }

  async #measure(): Promise<void> {
    this.#points = []
    try {
      await measure(
        counts(navigator.hardwareConcurrency),
        (workers) => {
          this.#measuring = workers
          this.requestUpdate()
        },
        (point) => {
          this.#points = [...this.#points, point]
          this.requestUpdate()
        },
      )
    } finally {
      this.#measuring = undefined
      this.requestUpdate()
    }
  }

  #choose(thing: Thing | undefined): void {
    this.#chosen = thing
    this.#link = undefined
    this.requestUpdate()
    if (thing !== undefined) void this.updateComplete.then(() => this.#focusPanel())
  }

  #focusPanel(): void {
    this.renderRoot.querySelector<HTMLElement>('.inspector h2')?.focus({ preventScroll: true })
    this.renderRoot.querySelector('.inspector')?.scrollIntoView({ block: 'nearest' })
  }

  // What it reacts to

  #watch(): void {
    const sizes = new ResizeObserver(() => this.#measureWidth())
    sizes.observe(this)
    const views = new IntersectionObserver(([entry]) => {
      this.#visible = entry?.isIntersecting ?? true
      this.#steer()
      if (this.#visible) this.#changed()
    })
    views.observe(this)
    const themes = new MutationObserver(() => {
      for (const { screen } of this.#panes) screen?.recolor()
      this.#figures.refresh()
    })
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const touch = matchMedia('(pointer: coarse)')
    const listen = (target: EventTarget, name: string, run: (event: Event) => void): void => {
      target.addEventListener(name, run)
      this.#cleanUp.push(() => target.removeEventListener(name, run))
    }
    const touched = (): void => {
      this.#touch = touch.matches
      this.#adapt()
    }
    touched()
    listen(touch, 'change', touched)
    listen(document, 'sw-insert-command', (event) =>
      this.#insert((event as CustomEvent<InsertCommand>).detail),
    )
    listen(window, 'hashchange', () => void this.#takeFragment())
    listen(document, 'visibilitychange', () => document.visibilityState === 'hidden' && this.#keep())
    listen(window, 'pagehide', () => this.#keep())
    this.#cleanUp.push(
      () => sizes.disconnect(),
      () => views.disconnect(),
      () => themes.disconnect(),
    )
  }

  get #narrow(): boolean {
    return this.#width > 0 && this.#width < NARROW
  }

  /** Whether the line is typed into an input: on a phone, and wherever fingers do the typing. */
  get #typesInInput(): boolean {
    return this.#touch || (this.#width > 0 && this.#width < ROOMY)
  }

  #measureWidth(): void {
    const width = Math.floor(this.clientWidth)
    if (width === this.#width || width === 0) return
    this.#width = width
    this.#adapt()
    void this.updateComplete.then(() => {
      this.#resized()
      this.#figures.refresh()
    })
  }

  #adapt(): void {
    for (const { name, screen } of this.#panes) {
      if (screen !== undefined) screen.takesKeys = !this.#typesInInput
      const session = this.#live?.desk.terminals.get(name)
      if (session !== undefined) session.drawsLine = !this.#typesInInput
    }
    this.requestUpdate()
  }

  #fit(): void {
    for (const { screen } of this.#panes) screen?.fit()
  }

  /** Terminals fill their places; the machine is told of a new width, which is something that was done to it. */
  #resized(): void {
    this.#fit()
    const live = this.#live
    if (live === undefined || this.#replaying || this.#moment !== undefined) return
    for (const { name, screen } of this.#panes) {
      if (screen === undefined || !live.desk.terminals.has(name)) continue
      const [columns, rows] = this.#size(name)
      const size = live.size(name)
      if (size?.columns !== columns || (size.rows ?? rows) !== rows) {
        live.do({ type: 'resize', terminal: name, columns, rows })
      }
    }
  }

  // What is shown

  protected override render(): TemplateResult {
    const { words } = this.#speech
    const live = this.#live
    const data = live?.data()
    const past = this.#moment !== undefined
    const picture = past ? this.#momentPicture : (live?.history.picture ?? EMPTY)
    const now = live?.now ?? 0
    const machine = data?.machine ?? MACHINE
    const phone = this.#typesInInput
    const turn = this.#turnOf
    const anew = turn === 'all' ? { rows: {}, state: {}, around: {} } : { [turn]: {} }
    this.#drawn = { ...this.#drawn, ...anew }
    const { around } = this.#drawn
    return html`
      <link rel="stylesheet" href=${xtermStyle} />
      <section
        class=${['lab', 'play', this.#narrow ? 'narrow' : '', phone ? 'phone' : '', past ? 'looks-back' : ''].join(' ')}
        aria-label=${this.#words.label}
        aria-busy=${this.#replaying ? 'true' : 'false'}
      >
        ${this.#bar(machine, now)}
        ${this.#notice === '' ? nothing : html`<p class="notice" role="status">${this.#notice}</p>`}
        ${
          this.#offered === undefined
            ? nothing
            : offer({
                speech: this.#speech,
                words: this.#words,
                session: this.#offered,
                onRun: () => void this.#runOffered(),
                onDismiss: () => this.#dismissOffer(),
              })
        }
        ${guard([this.#drawn.rows, this.#drawn.state], () =>
          stage({
            speech: this.#speech,
            scenario: { machine, clients: live?.desk.load ?? preset('hello').clients, zoom: {} },
            picture,
            width: Math.max(300, this.#width - 30),
            now: this.#moment ?? now,
            running: live?.machine.pace.running ?? false,
            clientsOn: live?.desk.clientsOn ?? false,
            onKill: (pid) => void this.#do({ type: 'signal', pid, signal: 'KILL' }),
            onClients: () => void this.#do({ type: 'clients', on: live?.desk.clientsOn !== true }),
            things: { chosen: this.#chosen, onChoose: (thing) => this.#choose(thing) },
            turn: this.#drawn,
            ...(now === 0
              ? {}
              : { past: { until: now, from: this.#from, onMoment: (at, from) => this.#look(at, from) } }),
          }),
        )}
        ${guard([around], () =>
          aroundRows({
            speech: this.#speech,
            words: this.#words,
            picture,
            now: this.#moment ?? now,
            machine,
            wide: this.#width - 30 >= WIDE,
            chosen: this.#chosen,
            onChoose: (thing) => this.#choose(thing),
          }),
        )}
        ${guard([around], () =>
          now === 0 || this.#replaying
            ? nothing
            : momentBar({
                speech: this.#speech,
                words: this.#words,
                moment: this.#moment,
                until: now,
                onMoment: (at) => this.#look(at),
                onNeighbour: (direction) => this.#neighbour(direction),
                onBranch: () => void this.#branch(),
                onNow: () => this.#backToNow(),
              }),
        )}
        ${guard([around], () => html`${this.#sentence(picture)} ${this.#inspector(picture, machine)}`)}
        ${this.#link === undefined ? nothing : this.#linkPanel()}
        <button
          class="skip"
          @click=${() => this.renderRoot.querySelector<HTMLElement>('.panels summary')?.focus()}
        >
          ${words.terminal.skip}
        </button>
        ${this.#terminals()}
        <p class="hint" role="status">${this.#hint}</p>
        <div class="panels">
          ${this.#application()}
          ${guard([machine], () =>
            settingsPanel({
              speech: this.#speech,
              words: this.#words,
              machine,
              onApply: (machine) => void this.#settings(machine),
            }),
          )}
          ${guard([this.#figures.version], () =>
            this.#figures.render(() => {
              this.#updateFigures()
              this.requestUpdate()
            }),
          )}
          ${guard([this.#points, this.#measuring], () =>
            ownPanel({
              speech: this.#speech,
              words: this.#words,
              cores: navigator.hardwareConcurrency,
              points: this.#points,
              running: this.#measuring,
              onRun: () => void this.#measure(),
            }),
          )}
        </div>
        ${guard([this.#screenReader], () => this.#footNote())}
      </section>
    `
  }

  #bar(machine: MachineSettings, now: number): TemplateResult {
    const { facts } = this.#speech.words
    const { versions } = machine
    const running = this.#live?.history.picture.server
    const program = running?.until === undefined ? running?.program : undefined
    return timeBar({
      speech: this.#speech,
      words: this.#words,
      facts: [
        this.#speech.say(facts.cores, { count: machine.cores }),
        memorySize(machine.memory, this.#speech, this.#words),
        ...(program === undefined
          ? []
          : [`${program === 'fastapi' ? 'fastapi-cli' : program} ${versions[program]}`]),
      ],
      canStart: this.#canStart,
      begun: now > 0,
      paused: this.#paused,
      speed: this.#speed,
      reached: this.#live?.machine.pace.reached,
      canUndo: this.#live?.last !== undefined && !this.#replaying,
      canRedo: this.#redo !== undefined && !this.#replaying,
      asked: this.#chosen?.kind === 'machine',
      onMachine: () => this.#choose(this.#chosen?.kind === 'machine' ? undefined : { kind: 'machine' }),
      onStart: () => this.#start(),
      onPause: () => this.#pause(),
      onStep: () => void this.#step(LONGEST_STEP),
      onNext: () => void this.#step(LONGEST_WAIT),
      onSkip: () => void this.#skip(30_000),
      onSpeed: (speed) => this.#setSpeed(speed),
      onUndo: () => void this.#undo(),
      onRedo: () => void this.#again(),
      onReset: () => void this.#reset(),
      onLink: () => void this.#showLink(),
    })
  }

  #sentence(picture: Picture): TemplateResult {
    const told = this.#speech.tell(picture.happened)
    const chapter = this.#chapters[chapterOf(picture.happened.clauses[0]?.key) ?? '']
    const text =
      this.#failure !== undefined
        ? this.#speech.say(this.#words.failed, { reason: this.#failure })
        : this.#replaying
          ? this.#words.replaying
          : undefined
    return html`<p class="say ${picture.happened.tone}">
      <span role="status">
        ${text ?? html`<b>${picture.happened.tone === 'bad' ? '✕ ' : ''}${told.head}</b> ${told.rest}`}
      </span>
      ${
        chapter === undefined || text !== undefined
          ? nothing
          : html`<a href=${chapter.href}>${this.#speech.say(this.#words.read, { title: chapter.title })}</a>`
      }
    </p>`
  }

  #inspector(picture: Picture, machine: MachineSettings): TemplateResult | typeof nothing {
    const live = this.#live
    if (this.#chosen === undefined || live === undefined) return nothing
    return inspector({
      speech: this.#speech,
      words: this.#words,
      thing: this.#chosen,
      picture,
      processes: this.#moment === undefined ? live.machine.kernel.processes() : [],
      units: this.#moment === undefined ? live.machine.kernel.init.units() : [],
      kept: this.#moment === undefined ? live.machine.kernel.keepers.list() : [],
      keeperLog: (name) => live.machine.kernel.keepers.log(name),
      terminals: this.#panes.map(({ name }) => ({ name, title: this.#title(name) })),
      file: (path) => live.machine.kernel.readFile(path),
      machine,
      now: this.#moment ?? live.now,
      epoch: live.machine.kernel.epoch,
      site: live.desk.site,
      load: live.desk.load,
      clientsOn: live.desk.clientsOn,
      onDo: (...inputs) => void this.#do(...inputs),
      onChoose: (thing) => this.#choose(thing),
      onClose: () => this.#choose(undefined),
    })
  }

  #linkPanel(): TemplateResult {
    return linkPanel({
      speech: this.#speech,
      words: this.#words,
      url: this.#link?.url,
      size: this.#link?.size ?? 0,
      copied: this.#link?.copied ?? false,
      onCopy: () => void this.#copyLink(),
      onSave: () => this.#saveFile(),
      onOpen: (file) => void this.#openFile(file),
      onClose: () => {
        this.#link = undefined
        this.requestUpdate()
      },
    })
  }

  #terminals(): TemplateResult {
    return terminals({
      speech: this.#speech,
      words: this.#words,
      panes: this.#panes.map(({ name, host }) => ({ name, host, title: this.#title(name) })),
      front: this.#front,
      onFront: (name) => {
        this.#front = name
        this.requestUpdate()
      },
      onNew: this.#panes.length < LIMITS.terminals ? () => void this.#newTerminal() : undefined,
      below: this.#typesInInput ? this.#line() : this.#chips(),
    })
  }

  get #offeredCommands(): readonly string[] {
    const found = presetOf(this.#files) ?? preset('hello')
    const servers = serverWorkers.offered.server
    return this.#front === 'server'
      ? [START, ...(found.server ?? []), ...servers]
      : [...found.offered, 'ps -ef --forest', 'kill -9 ', 'help']
  }

  #chips(): TemplateResult {
    const { chips: label } = this.#speech.words.terminal
    return chips(label, this.#offeredCommands, (command) => this.#offerCommand(command))
  }

  #offerCommand(command: string): void {
    const taken = this.#live?.desk.terminals.get(this.#front)?.insert(command) ?? false
    this.#say(taken ? '' : this.#speech.words.hints.pending)
    if (!this.#typesInInput) this.#pane(this.#front)?.screen?.focus()
    this.requestUpdate()
  }

  #line(): TemplateResult {
    const name = this.#front
    const session = this.#live?.desk.terminals.get(name)
    return line({
      speech: this.#speech,
      terminal: this.#title(name),
      text: session?.line.text ?? '',
      offered: this.#offeredCommands,
      searching: session?.searching !== undefined,
      onKey: (key) => this.#keys(name, [key]),
      onText: (text, cursor) => session?.setLine(text, cursor),
      onOffer: (command) => this.#offerCommand(command),
    })
  }

  #application(): unknown {
    const files = this.#files
    const found = presetOf(files)
    const original = presetOf({ [APP]: this.#live?.data().files[APP] ?? '', [TWIN]: files[TWIN] ?? '' })
    const server = this.#live?.history.picture.server
    const canReload = server !== undefined && server.until === undefined
    const known = [
      this.#live,
      files[APP],
      files[TWIN],
      this.#draft,
      this.#saved,
      this.#applicationOpen,
      canReload,
    ]
    return guard(known, () => this.#applicationPanel(files, found, original, canReload))
  }

  #applicationPanel(
    files: Readonly<Record<string, string>>,
    found: Preset | undefined,
    original: Preset | undefined,
    canReload: boolean,
  ): TemplateResult {
    return application({
      speech: this.#speech,
      words: this.#words,
      open: this.#applicationOpen,
      preset: found ?? original,
      unsaved: this.#draft !== undefined,
      differs: found === undefined || this.#draft !== undefined,
      canReload,
      saved: this.#saved,
      app: files[APP] ?? '',
      twin: files[TWIN] ?? '',
      editors: this.#editorHosts,
      onToggle: (open) => void this.#openEditors(open),
      onPreset: (id) => void this.#preset(id),
      onSave: () => this.#save(),
      onReload: () => this.#save(true),
      onRevert: () => this.#syncEditors(),
    })
  }

  #footNote(): TemplateResult {
    const { honesty, terminal } = this.#speech.words
    return html`<div class="foot-note">
      <p>
        ${honesty.decided} ${honesty.ran} ${honesty.modelled} ${honesty.differs}
        <a href=${this.#chapters['about']?.href ?? ''}>${honesty.more}</a>
      </p>
      <label>
        <input
          type="checkbox"
          .checked=${this.#screenReader}
          @change=${(event: Event) => this.#setScreenReader((event.target as HTMLInputElement).checked)}
        />
        ${terminal.screenReader}
      </label>
    </div>`
  }

  #setScreenReader(on: boolean): void {
    this.#screenReader = on
    localStorage.setItem(READER_KEY, on ? 'on' : 'off')
    for (const { screen } of this.#panes) if (screen !== undefined) screen.screenReader = on
  }
}
