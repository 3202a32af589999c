import type { Language } from '../../../simulator/host/browser/index.ts'
import { serverWorkers } from '../../../simulator/scenario/server-workers/index.ts'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import { Live } from '../live.ts'
import { APP, freshSession, MACHINE, preset, TWIN } from '../presets.ts'
import type { Common } from './common.ts'
import type { Screens } from './screens.ts'

export interface SittingOptions extends Common {
  readonly screens: Screens
  /** Another session is about to take the place of this one. */
  readonly onLeave: () => void
  /** A session has been played as far as it had gone. */
  readonly onOpened: (live: Live) => void
  /** Something happened, on the machine or to it. */
  readonly onChange: () => void
}

/** The session that the reader sits at, until another takes its place; and how its time is meant to go. */
export class Sitting {
  readonly #options: SittingOptions
  /** Counts sessions that were opened: one that comes late is dropped. */
  #turn = 0
  #live: Live | undefined
  #replaying = false
  #speed = 1
  /** Whether the reader has stopped the time. */
  paused = false
  /** What is said of the session above it: where it comes from, or why it could not be had. */
  notice = ''

  constructor(options: SittingOptions) {
    this.#options = options
  }

  /** What is shown, maybe still being played. */
  get live(): Live | undefined {
    return this.#live
  }

  /** The session, when something can be done to it. */
  get ready(): Live | undefined {
    return this.#replaying ? undefined : this.#live
  }

  /** Whether what was done before is being played. */
  get replaying(): boolean {
    return this.#replaying
  }

  /** Virtual time for each unit of the wall's. */
  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
    if (this.#live !== undefined) this.#live.machine.pace.speed = speed
    this.#options.host.requestUpdate()
  }

  /** The application's files on the machine. */
  get files(): Readonly<Record<typeof APP | typeof TWIN, string>> {
    const kernel = this.#live?.machine.kernel
    return { [APP]: kernel?.readFile(APP) ?? '', [TWIN]: kernel?.readFile(TWIN) ?? '' }
  }

  changed(): void {
    this.#options.onChange()
  }

  /** Opens a session in the place of the present one, and plays it as far as it had gone. Without one: a fresh machine. */
  async open(session: SessionData | undefined): Promise<void> {
    const { host, screens, onLeave, onOpened } = this.#options
    const turn = ++this.#turn
    const old = this.#live
    this.#live = undefined
    this.#replaying = true
    onLeave()
    host.requestUpdate()
    await old?.dispose()
    const names = session?.inputs.filter((input) => input.type === 'open').map(({ terminal }) => terminal)
    await screens.show(names ?? ['server'])
    if (turn !== this.#turn) return
    const live = await this.#start(
      session ?? freshSession(MACHINE, preset('hello'), ...screens.size('server')),
    )
    if (turn !== this.#turn || !host.isConnected) return void live.dispose()
    this.#live = live
    await live.catchUp()
    if (turn !== this.#turn) return
    this.#replaying = false
    live.machine.pace.speed = this.#speed
    onOpened(live)
  }

  #start(start: SessionData): Promise<Live> {
    const { wording, place, typing, screens, onChange } = this.#options
    return Live.open(start, {
      words: wording.speech.words.shell,
      completions: serverWorkers.completions,
      language: this.#language,
      drawsLine: !place.typesInInput,
      onChange,
      onScreen: (name, text) => screens.pane(name)?.screen?.write(text),
      onHint: (name, hint) => typing.explain(hint, this.#live?.desk.terminals.get(name)?.foreground),
    })
  }

  get #language(): Language {
    const { lang } = this.#options.host
    return lang === 'zh-CN' ? 'zh-cn' : lang === 'ko' ? 'ko' : 'en'
  }

  /** Ends it, with its machine. */
  dispose(): void {
    this.#turn += 1
    void this.#live?.dispose()
    this.#live = undefined
  }
}
