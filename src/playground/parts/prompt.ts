import type { TemplateResult } from 'lit'
import { serverWorkers } from '../../../simulator/scenario/server-workers/index.ts'
import type { Key } from '../../../simulator/shell/editor/keys.ts'
import type { InsertCommand } from '../../components/command.ts'
import { line } from '../../lab/line.ts'
import { preset, presetOf, START } from '../presets.ts'
import { chips } from '../view/terminals.ts'
import type { WithSession } from './common.ts'

/** The line of a terminal: keys that are typed into it, and commands that are put into it. */
export class Prompt {
  readonly #options: WithSession
  /** A command that came before the machine. */
  #early: InsertCommand | undefined

  constructor(options: WithSession) {
    this.#options = options
  }

  keys(terminal: string, keys: readonly Key[]): void {
    const { wording, typing, sitting, past, keeper } = this.#options
    const live = sitting.ready
    if (live === undefined) return
    if (past.moment !== undefined) return typing.say(wording.words.moment.pastKeys)
    typing.typed(keys)
    live.recorder.keys(terminal, keys)
    if (keys.some(({ key }) => key === 'enter') && sitting.paused) typing.say(wording.words.paused)
    keeper.soon()
    sitting.changed()
  }

  /** A command from elsewhere on the page: into the line, not run; as soon as there is a machine. */
  insert(command: InsertCommand): void {
    const { host, place, screens, sitting } = this.#options
    if (sitting.ready === undefined) {
      this.#early = command
      return
    }
    if (screens.pane(command.terminal) !== undefined) screens.front = command.terminal
    const name = screens.front
    this.#put(command.command)
    void host.updateComplete.then(() => {
      screens.focus(name)
      if (!place.typesInInput) return
      host.renderRoot.querySelector<HTMLInputElement>('.line input')?.focus({ preventScroll: true })
    })
  }

  /** Puts in what came before the machine. */
  insertEarly(): void {
    const early = this.#early
    this.#early = undefined
    if (early !== undefined) this.insert(early)
  }

  /** What stands under the screens: where there is no keyboard the line itself, and commands to try. */
  render(): TemplateResult {
    const { wording, place, screens, sitting } = this.#options
    const { speech } = wording
    const offer = (command: string): void => {
      this.#put(command)
      screens.focus(screens.front)
    }
    if (!place.typesInInput) return chips(speech.words.terminal.chips, this.#offered, offer)
    const name = screens.front
    const session = sitting.live?.desk.terminals.get(name)
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
    const { host, wording, typing, screens, sitting } = this.#options
    const taken = sitting.live?.desk.terminals.get(screens.front)?.insert(command) ?? false
    typing.say(taken ? '' : wording.speech.words.hints.pending)
    host.requestUpdate()
  }

  /** Commands worth a try in the terminal that is in front. */
  get #offered(): readonly string[] {
    const { screens, sitting } = this.#options
    const { server = [], offered } = presetOf(sitting.files) ?? preset('hello')
    return screens.front === 'server'
      ? [START, ...server, ...serverWorkers.offered.server]
      : [...offered, 'ps -ef --forest', 'kill -9 ', 'help']
  }
}
