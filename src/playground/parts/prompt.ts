import type { TemplateResult } from 'lit'
import { serverWorkers } from '../../../simulator/scenario/server-workers/index.ts'
import type { Key } from '../../../simulator/shell/editor/keys.ts'
import type { InsertCommand } from '../../machine-view/terminal/insert-command.ts'
import { line } from '../../machine-view/terminal/line.ts'
import type { presetOf } from '../all-presets.ts'
import { APP, HELLO, START, TWIN, type Application } from '../presets.ts'
import { chips } from '../view/terminals.ts'
import type { WithSession } from './with-session.ts'

/** The prompt of a terminal: handles typed keys, and inserts commands. */
export class Prompt {
  readonly #options: WithSession
  #presetOf: typeof presetOf | undefined
  #asked = false
  /** A command that came before the machine. */
  #early: InsertCommand | undefined

  constructor(options: WithSession) {
    this.#options = options
  }

  keys(terminal: string, keys: readonly Key[]): void {
    const { wording, typing, sessions, timeTravel, store } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    if (timeTravel.moment !== undefined) return typing.say(wording.words.moment.pastKeys)
    typing.typed(keys)
    live.recorder.keys(terminal, keys)
    if (keys.some(({ key }) => key === 'enter') && sessions.paused) typing.say(wording.words.paused)
    store.soon()
    sessions.changed()
  }

  /** Inserts a command from elsewhere on the page into the line, without running it. Before the machine is ready, it waits. */
  insert(command: InsertCommand): void {
    const { host, viewport, screens, sessions } = this.#options
    if (sessions.ready === undefined) {
      this.#early = command
      return
    }
    if (screens.pane(command.terminal) !== undefined) screens.front = command.terminal
    const name = screens.front
    this.#put(command.command)
    void host.updateComplete.then(() => {
      screens.focus(name)
      if (!viewport.typesInInput) return
      host.renderRoot.querySelector<HTMLInputElement>('.line input')?.focus({ preventScroll: true })
    })
  }

  /** Inserts the command that arrived before the machine was ready. */
  insertEarly(): void {
    const early = this.#early
    this.#early = undefined
    if (early !== undefined) this.insert(early)
  }

  /** What is below the screens: commands to try, and on touch screens the line itself. */
  render(): TemplateResult {
    const { wording, viewport, screens, sessions } = this.#options
    const { speech } = wording
    const offer = (command: string): void => {
      this.#put(command)
      screens.focus(screens.front)
    }
    if (!viewport.typesInInput) return chips(speech.words.terminal.chips, this.#offered, offer)
    const name = screens.front
    const session = sessions.live?.desk.terminals.get(name)
    return line({
      speech,
      terminal: screens.title(name),
      text: session?.line.text ?? '',
      offered: this.#offered,
      searching: session?.searching !== undefined,
      onKey: (key) => this.keys(name, [key]),
      onText: (text, cursor) => session?.setLine(text, cursor),
      onOffer: offer,
    })
  }

  #put(command: string): void {
    const { host, wording, typing, screens, sessions } = this.#options
    const taken = sessions.live?.desk.terminals.get(screens.front)?.insert(command) ?? false
    typing.say(taken ? '' : wording.speech.words.hints.pending)
    host.requestUpdate()
  }

  /** Suggested commands for the selected terminal. */
  get #offered(): readonly string[] {
    const { screens } = this.#options
    const { server = [], offered } = this.#application
    return screens.front === 'server'
      ? [START, ...server, ...serverWorkers.offered.server]
      : [...offered, 'ps -ef --forest', 'kill -9 ', 'help']
  }

  /** The preset that the files belong to; the first one if it is none of them, or while the others are loading. */
  get #application(): Application {
    const { host, sessions } = this.#options
    const { files } = sessions
    // Without a machine there are no files.
    if (sessions.live === undefined) return HELLO
    if (files[APP] === HELLO.app && files[TWIN] === HELLO.twin) return HELLO
    if (this.#presetOf !== undefined) return this.#presetOf(files) ?? HELLO
    if (this.#asked) return HELLO
    this.#asked = true
    void import('../all-presets.ts').then(
      (all) => {
        this.#presetOf = all.presetOf
        host.requestUpdate()
      },
      // Suggestions are optional.
      () => undefined,
    )
    return HELLO
  }
}
