import type { Input, MachineSettings } from '../../../simulator/scenario/session/index.ts'
import { stepOn } from '../../lab/time.ts'
import { freshSession, preset, START, type PresetId } from '../presets.ts'
import type { Asking } from './asking.ts'
import type { WithSession } from './common.ts'
import type { Ways } from './ways.ts'

export interface HandsOptions extends WithSession {
  readonly ways: Ways
  readonly asking: Asking
}

/** What the reader does to the machine and to its time. */
export class Hands {
  readonly #options: HandsOptions

  constructor(options: HandsOptions) {
    this.#options = options
  }

  /** Does something to the machine; while one looks back, to the machine as it was then. */
  async do(...inputs: readonly Input[]): Promise<void> {
    const { sitting, past, ways, keeper } = this.#options
    if (sitting.replaying) return
    if (past.moment !== undefined) await ways.branch()
    for (const input of inputs) sitting.live?.do(input)
    keeper.soon()
    sitting.changed()
  }

  get canStart(): boolean {
    const { sitting, past } = this.#options
    const live = sitting.ready
    if (live === undefined || past.moment !== undefined) return false
    return !live.serverLives && live.desk.terminals.get('server')?.foreground === 'none'
  }

  /** Types the server's command, and sends the clients. */
  start(): void {
    if (!this.canStart) return
    this.#setPaused(false)
    void this.do({ type: 'line', terminal: 'server', text: START }, { type: 'clients', on: true })
  }

  pause(): void {
    const { host, sitting, past } = this.#options
    this.#setPaused(!sitting.paused)
    if (!sitting.paused && past.moment !== undefined) past.backToNow()
    sitting.changed()
    host.requestUpdate()
  }

  /** Goes on to the next event that leaves a trace, but no further than `longest` virtual ms. */
  async step(longest: number): Promise<void> {
    const { host, sitting, past } = this.#options
    const live = sitting.ready
    if (live === undefined) return
    past.backToNow()
    sitting.paused = true
    await stepOn(live.machine, longest)
    sitting.changed()
    host.requestUpdate()
  }

  /** Goes on by so many virtual ms, as fast as it can. */
  async skip(ms: number): Promise<void> {
    const { sitting, past, keeper } = this.#options
    const live = sitting.ready
    if (live === undefined) return
    past.backToNow()
    await live.machine.pace.skip(ms)
    keeper.soon()
    sitting.changed()
  }

  /** One terminal more. */
  async openTerminal(): Promise<void> {
    const { screens, sitting, past } = this.#options
    const live = sitting.ready
    if (live === undefined || !screens.hasRoom) return
    const name = await screens.add()
    screens.fit()
    if (sitting.live !== live) return
    if (past.moment === undefined) screens.tellSizes(live)
    screens.openOn(live)
    screens.focus(name)
    sitting.changed()
  }

  /** The same application on a machine as it was bought. */
  async reset(): Promise<void> {
    const { screens, sitting, asking, keeper } = this.#options
    const { live } = sitting
    if (live === undefined) return
    const { machine, files, clients } = live.data()
    this.#setPaused(false)
    asking.chosen = undefined
    keeper.forget()
    const fresh = freshSession(machine, preset('hello'), ...screens.size('server'))
    await sitting.open({ ...fresh, files, clients })
  }

  /** Does all that was done on another machine. */
  async changeMachine(machine: MachineSettings): Promise<void> {
    const { sitting } = this.#options
    if (sitting.ready !== undefined) await sitting.open({ ...sitting.ready.data(), machine })
  }

  /** The same machine with another application. */
  async begin(id: PresetId): Promise<void> {
    const { screens, sitting, asking } = this.#options
    if (sitting.ready === undefined) return
    const { machine } = sitting.ready.data()
    this.#setPaused(false)
    asking.chosen = undefined
    await sitting.open(freshSession(machine, preset(id), ...screens.size('server')))
  }

  /** Stops the time or lets it go on; what was said before is over. */
  #setPaused(paused: boolean): void {
    const { typing, sitting } = this.#options
    sitting.paused = paused
    sitting.notice = ''
    typing.say('')
  }
}
