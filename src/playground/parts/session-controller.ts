import type { Language } from '../../../simulator/host/browser/index.ts'
import { serverWorkers } from '../../../simulator/scenario/server-workers/index.ts'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import { LiveSession } from '../live-session.ts'
import { APP, freshSession, HELLO, MACHINE, withComment, TWIN } from '../presets.ts'
import type { PlaygroundContext } from './common.ts'
import type { Screens } from './screens.ts'

export interface SessionControllerOptions extends PlaygroundContext {
  readonly screens: Screens
  /** Called before another session replaces the current one. */
  readonly onLeave: () => void
  /** Called when a session has been replayed. */
  readonly onOpened: (live: LiveSession) => void
  /** Called when the machine or its input has changed. */
  readonly onChange: () => void
}

/** Owns the current session: opens, replays and replaces it; and holds the wanted speed and pause. */
export class SessionController {
  readonly #options: SessionControllerOptions
  /** Counts calls of `open`: a session that is superseded while it loads is dropped. */
  #turn = 0
  #live: LiveSession | undefined
  #replaying = false
  #speed = 1
  /** Whether the reader has paused. */
  paused = false
  /** A notice about the session: where it comes from, or why it could not be read. */
  notice = ''

  constructor(options: SessionControllerOptions) {
    this.#options = options
  }

  /** The session shown, maybe still being replayed. */
  get live(): LiveSession | undefined {
    return this.#live
  }

  /** The session, once it takes inputs. */
  get ready(): LiveSession | undefined {
    return this.#replaying ? undefined : this.#live
  }

  /** Whether earlier inputs are being replayed. */
  get replaying(): boolean {
    return this.#replaying
  }

  /** Virtual time per wall-clock time. */
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

  /** Replaces the current session and replays the new one up to its end. `undefined`: a fresh machine. */
  async open(session: SessionData | undefined): Promise<void> {
    const { host, wording, screens, onLeave, onOpened } = this.#options
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
    const hello = withComment(HELLO, wording.words.application.comments.hello)
    const live = await this.#start(session ?? freshSession(MACHINE, hello, ...screens.size('server')))
    if (turn !== this.#turn || !host.isConnected) return void live.dispose()
    this.#live = live
    await live.catchUp()
    if (turn !== this.#turn) return
    this.#replaying = false
    live.machine.pace.speed = this.#speed
    onOpened(live)
  }

  #start(start: SessionData): Promise<LiveSession> {
    const { wording, viewport, typing, screens, onChange } = this.#options
    return LiveSession.open(start, {
      words: wording.speech.words.shell,
      completions: serverWorkers.completions,
      language: this.#language,
      drawsLine: !viewport.typesInInput,
      onChange,
      onScreen: (name, text) => screens.pane(name)?.screen?.write(text),
      onHint: (name, hint) => typing.explain(hint, this.#live?.desk.terminals.get(name)?.foreground),
    })
  }

  get #language(): Language {
    const { lang } = this.#options.host
    return lang === 'zh-CN' ? 'zh-cn' : lang === 'ko' ? 'ko' : 'en'
  }

  /** Ends the session and its machine. */
  dispose(): void {
    this.#turn += 1
    void this.#live?.dispose()
    this.#live = undefined
  }
}
