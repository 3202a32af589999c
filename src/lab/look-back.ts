import { html, nothing, type TemplateResult } from 'lit'
import type { Picture } from '../../simulator/machine/view/index.ts'
import { TERMINALS } from '../../simulator/scenario/index.ts'
import type { ScrubberProps as Shown } from '../machine-view/picture/scrubber.ts'
import type { Speech } from '../machine-view/words.ts'
import type { LabMachine } from './lab-machine.ts'
import type { LabRun } from './run.ts'
import type { Terminals } from './terminals.ts'

/** How many pieces of a terminal's output are shown while looking back. */
const PAST_PIECES = 300

export interface LookBackOptions {
  readonly labMachine: () => LabMachine
  readonly terminals: () => Terminals
  /** Whether the terminals draw the line being typed. */
  readonly drawsLine: () => boolean
  readonly onChange: () => void
}

/** Looking back on a paused machine: the moment that the picture and the terminals show. */
export class LookBack {
  readonly #options: LookBackOptions
  #past:
    | { readonly run: LabRun; readonly at: number; readonly from: number; readonly picture: Picture }
    | undefined

  constructor(options: LookBackOptions) {
    this.#options = options
  }

  get #shown() {
    const { run } = this.#options.labMachine()
    return this.#past?.run === run ? this.#past : undefined
  }

  /** The moment in virtual ms; `undefined`: now. */
  get moment(): number | undefined {
    return this.#shown?.at
  }

  /** The picture of that moment. */
  get picture(): Picture | undefined {
    return this.#shown?.picture
  }

  /** The input for scrubbing the stage; `undefined` before the machine has done anything. */
  get stage(): Shown | undefined {
    const { run } = this.#options.labMachine()
    if (run === undefined || run.now === 0) return undefined
    return { until: run.now, from: this.#shown?.from, onMoment: (at, from) => this.#look(at, from) }
  }

  /** Shows a moment; the machine is paused meanwhile. */
  #look(at: number, from: number): void {
    const { labMachine, terminals, onChange } = this.#options
    const { run } = labMachine()
    if (run === undefined) return
    if (at >= run.now) return this.backToNow()
    labMachine().pause(true)
    const moment = run.view.moment(Math.round(at))
    this.#past = { run, at: moment, from, picture: run.view.at(moment) }
    for (const name of TERMINALS) {
      const screen = terminals().screen(name)
      screen?.reset()
      screen?.write(run.view.screen(name, moment, PAST_PIECES))
    }
    onChange()
  }

  /** Shows the present again, before an action on the machine. */
  backToNow(): void {
    const { terminals, drawsLine, onChange } = this.#options
    const past = this.#shown
    this.#past = undefined
    if (past === undefined) return
    for (const name of TERMINALS) {
      const session = past.run.sessions[name]
      const screen = terminals().screen(name)
      // The line being typed is drawn again below the output.
      session.drawsLine = false
      screen?.reset()
      screen?.write(past.run.view.screen(name, Infinity, Infinity))
      session.drawsLine = drawsLine()
    }
    onChange()
  }

  /** Renders which moment is shown, and the way back to now. */
  render(speech: Speech): TemplateResult | typeof nothing {
    const past = this.#shown
    if (past === undefined) return nothing
    const seconds = (ms: number): string => (ms / 1000).toFixed(1)
    const values = { seconds: seconds(past.at), total: seconds(past.run.now) }
    return html`<p class="past">
      <span>${speech.say(speech.words.picture.momentOf, values)}</span>
      <button class="primary" @click=${() => this.backToNow()}>${speech.words.actions.now}</button>
    </p>`
  }
}
