import type { SessionInput, MachineSettings } from '../../../simulator/scenario/session/index.ts'
import type { Runtime } from '../../../simulator/machine/runtime.ts'
import { stepToNextEvent } from '../../simulated-machine/time.ts'
import { freshSession, HELLO, START, type Application } from '../presets.ts'
import type { InspectorController } from './inspector-controller.ts'
import type { WithSession } from './with-session.ts'
import type { UndoRedo } from './undo-redo.ts'

export interface PlaygroundActionsOptions extends WithSession {
  readonly undoRedo: UndoRedo
  readonly inspector: InspectorController
}

/** The reader's actions on the machine and its time. */
export class PlaygroundActions {
  readonly #options: PlaygroundActionsOptions

  constructor(options: PlaygroundActionsOptions) {
    this.#options = options
  }

  /** Applies inputs to the machine; while looking back, to the machine as it was at that moment. */
  async do(...inputs: readonly SessionInput[]): Promise<void> {
    const { sessions, timeTravel, undoRedo, store } = this.#options
    if (sessions.replaying) return
    if (timeTravel.moment !== undefined) await undoRedo.branch()
    for (const input of inputs) sessions.live?.do(input)
    store.soon()
    sessions.changed()
  }

  get canStart(): boolean {
    const { sessions, timeTravel } = this.#options
    const live = sessions.ready
    if (live === undefined || timeTravel.moment !== undefined) return false
    return !live.serverLives && live.desk.terminals.get('server')?.foreground === 'none'
  }

  /** Types the server's command, and turns the clients on. */
  start(): void {
    if (!this.canStart) return
    this.#setPaused(false)
    void this.do({ type: 'line', terminal: 'server', text: START }, { type: 'clients', on: true })
  }

  pause(): void {
    const { host, sessions, timeTravel } = this.#options
    this.#setPaused(!sessions.paused)
    if (!sessions.paused && timeTravel.moment !== undefined) timeTravel.backToNow()
    sessions.changed()
    host.requestUpdate()
  }

  /** Pauses, and runs to the next traced event, but no further than `longest` virtual ms. */
  async step(longest: number): Promise<void> {
    const { host, sessions, timeTravel } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    timeTravel.backToNow()
    sessions.paused = true
    await stepToNextEvent(live.machine, longest)
    sessions.changed()
    host.requestUpdate()
  }

  /** Skips this many virtual ms, as fast as they can be computed. */
  async skip(ms: number): Promise<void> {
    const { sessions, timeTravel, store } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    timeTravel.backToNow()
    await live.machine.pace.skip(ms)
    store.soon()
    sessions.changed()
  }

  /** Opens another terminal. */
  async openTerminal(): Promise<void> {
    const { screens, sessions, timeTravel } = this.#options
    const live = sessions.ready
    if (live === undefined || !screens.hasRoom) return
    const name = await screens.add()
    screens.fit()
    if (sessions.live !== live) return
    if (timeTravel.moment === undefined) screens.tellSizes(live)
    screens.openOn(live)
    screens.focus(name)
    sessions.changed()
  }

  /** Starts over: the same initial files on a fresh machine. */
  async reset(): Promise<void> {
    const { screens, sessions, inspector, store } = this.#options
    const { live } = sessions
    if (live === undefined) return
    const { machine, files, clients } = live.data()
    this.#setPaused(false)
    inspector.chosen = undefined
    store.forget()
    const fresh = freshSession(machine, HELLO, ...screens.size('server'))
    await sessions.open({ ...fresh, files, clients, ...runtimeOf(live.runtime) })
  }

  /** Starts over with the present files, in the other language. */
  async runAs(runtime: Runtime): Promise<void> {
    const { screens, sessions, inspector } = this.#options
    const live = sessions.ready
    if (live === undefined) return
    const { machine, clients } = live.data()
    this.#setPaused(false)
    inspector.chosen = undefined
    const fresh = freshSession(machine, HELLO, ...screens.size('server'))
    await sessions.open({ ...fresh, files: sessions.files, clients, ...runtimeOf(runtime) })
  }

  /** Replays the session on another machine. */
  async changeMachine(machine: MachineSettings): Promise<void> {
    const { sessions } = this.#options
    if (sessions.ready !== undefined) await sessions.open({ ...sessions.ready.data(), machine })
  }

  /** Starts over with another application on the same machine, and starts its server. */
  async begin(from: Application): Promise<void> {
    const { screens, sessions, inspector } = this.#options
    if (sessions.ready === undefined) return
    const { machine } = sessions.ready.data()
    const { runtime } = sessions.ready
    this.#setPaused(false)
    inspector.chosen = undefined
    const fresh = freshSession(machine, from, ...screens.size('server'))
    await sessions.open({ ...fresh, ...runtimeOf(runtime) })
    this.start()
  }

  /** Pauses or resumes, and clears notices. */
  #setPaused(paused: boolean): void {
    const { typing, sessions } = this.#options
    sessions.paused = paused
    sessions.notice = ''
    typing.say('')
  }
}

/** A session without a runtime runs JavaScript. */
function runtimeOf(runtime: Runtime): { readonly runtime?: Runtime } {
  return runtime === 'javascript' ? {} : { runtime }
}
