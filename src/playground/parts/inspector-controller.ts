import { nothing, type TemplateResult } from 'lit'
import type { SessionInput, MachineSettings } from '../../../simulator/scenario/session/index.ts'
import type { Inspectable } from '../../machine-view/picture/things.ts'
import { inspector, type LazyPanels } from '../view/inspector.ts'
import type { WithSession } from './with-session.ts'

export interface InspectorControllerOptions extends WithSession {
  /** Something else was chosen. */
  readonly onChoose: () => void
  readonly onDo: (...inputs: readonly SessionInput[]) => void
}

/** Things whose panels are loaded when one of them is chosen: the machine itself, and what a reader adds to it. */
const LAZY: ReadonlySet<Inspectable['kind']> = new Set(['machine', 'cores', 'proxy', 'unit', 'kept'])

/** The thing in the picture that is being inspected, and its panel. */
export class InspectorController {
  readonly #options: InspectorControllerOptions
  chosen: Inspectable | undefined
  #panels: LazyPanels | Error | undefined

  constructor(options: InspectorControllerOptions) {
    this.#options = options
  }

  choose(thing: Inspectable | undefined): void {
    this.chosen = thing
    this.#options.onChoose()
    void this.#show(thing)
  }

  /** Shows the panel once it is loaded, and focuses it unless something else was chosen meanwhile. */
  async #show(thing: Inspectable | undefined): Promise<void> {
    const { host } = this.#options
    host.requestUpdate()
    if (thing === undefined) return
    if (LAZY.has(thing.kind) && !isLoaded(this.#panels)) {
      const panels = await load()
      await this.#options.sessions.live?.machine.kernel.init.load()
      if (!isLoaded(this.#panels)) this.#panels = panels
      host.requestUpdate()
    }
    await host.updateComplete
    if (this.chosen === thing) this.focus()
  }

  /** Scrolls the open panel into view, and focuses it. */
  focus(): void {
    const { renderRoot } = this.#options.host
    renderRoot.querySelector<HTMLElement>('.inspector h2')?.focus({ preventScroll: true })
    renderRoot.querySelector('.inspector')?.scrollIntoView({ block: 'nearest' })
  }

  /** The panel: what the thing is, its facts, and what can be done to it. */
  render(machine: MachineSettings): TemplateResult | typeof nothing {
    const { wording, screens, sessions, timeTravel, onDo } = this.#options
    const { live } = sessions
    if (this.chosen === undefined || live === undefined) return nothing
    const { kernel } = live.machine
    const now = timeTravel.moment === undefined
    return inspector(
      {
        speech: wording.speech,
        words: wording.words,
        thing: this.chosen,
        picture: timeTravel.picture,
        processes: now ? kernel.processes() : [],
        units: now ? kernel.init.units() : [],
        kept: now ? kernel.keepers.list() : [],
        keeperLog: (name) => kernel.keepers.log(name),
        terminals: screens.panes.map(({ name }) => ({ name, title: screens.title(name) })),
        file: (path) => kernel.readFile(path),
        machine,
        now: timeTravel.moment ?? live.now,
        epoch: kernel.epoch,
        site: live.desk.site,
        load: live.desk.load,
        clientsOn: live.desk.clientsOn,
        onDo,
        onChoose: (thing) => this.choose(thing),
        onClose: () => this.choose(undefined),
      },
      this.#panels,
    )
  }
}

const isLoaded = (panels: LazyPanels | Error | undefined): boolean =>
  panels !== undefined && !(panels instanceof Error)

/** A failure is returned, not thrown: the panel shows it. */
async function load(): Promise<LazyPanels | Error> {
  try {
    return await import('../view/lazy-panels.ts')
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
