import { nothing, type TemplateResult } from 'lit'
import type { Input, MachineSettings } from '../../../simulator/scenario/session/index.ts'
import type { Thing } from '../../lab/picture/things.ts'
import { inspector } from '../view/inspector.ts'
import type { WithSession } from './common.ts'

export interface AskingOptions extends WithSession {
  /** Something else was chosen. */
  readonly onChoose: () => void
  readonly onDo: (...inputs: readonly Input[]) => void
}

/** The thing of the picture that the reader asks about. */
export class Asking {
  readonly #options: AskingOptions
  chosen: Thing | undefined

  constructor(options: AskingOptions) {
    this.#options = options
  }

  choose(thing: Thing | undefined): void {
    const { host, onChoose } = this.#options
    this.chosen = thing
    onChoose()
    host.requestUpdate()
    if (thing !== undefined) void host.updateComplete.then(() => this.focus())
  }

  /** Brings the panel that has opened into sight, with the keyboard. */
  focus(): void {
    const { renderRoot } = this.#options.host
    renderRoot.querySelector<HTMLElement>('.inspector h2')?.focus({ preventScroll: true })
    renderRoot.querySelector('.inspector')?.scrollIntoView({ block: 'nearest' })
  }

  /** What it is, its facts, and what can be done to it. */
  render(machine: MachineSettings): TemplateResult | typeof nothing {
    const { wording, screens, sitting, past, onDo } = this.#options
    const { live } = sitting
    if (this.chosen === undefined || live === undefined) return nothing
    const { kernel } = live.machine
    const now = past.moment === undefined
    return inspector({
      speech: wording.speech,
      words: wording.words,
      thing: this.chosen,
      picture: past.picture,
      processes: now ? kernel.processes() : [],
      units: now ? kernel.init.units() : [],
      kept: now ? kernel.keepers.list() : [],
      keeperLog: (name) => kernel.keepers.log(name),
      terminals: screens.panes.map(({ name }) => ({ name, title: screens.title(name) })),
      file: (path) => kernel.readFile(path),
      machine,
      now: past.moment ?? live.now,
      epoch: kernel.epoch,
      site: live.desk.site,
      load: live.desk.load,
      clientsOn: live.desk.clientsOn,
      onDo,
      onChoose: (thing) => this.choose(thing),
      onClose: () => this.choose(undefined),
    })
  }
}
