import type { BrowserMachine } from '../../simulator/host/browser/index.ts'
import type { TraceEvent } from '../../simulator/machine/trace.ts'
import type { Picture } from '../../simulator/machine/view/index.ts'
import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { Desk, type DeskOptions } from '../../simulator/shell/desk/desk.ts'

/** Gets every event of a machine, from the first on. */
export interface EventSink {
  take(event: TraceEvent): void
}

/** Folds a machine's events into a picture. */
export interface View extends EventSink {
  readonly picture: Picture
}

export interface LiveMachineOptions<V extends View> extends Omit<DeskOptions, 'onLine' | 'onFault'> {
  readonly view: V
  /** Others that get the events, after the view and before the terminals. */
  readonly sinks?: readonly EventSink[]
  /** Something happened, or the line being typed changed. */
  readonly onChange: () => void
}

/** A simulated machine in use: the machine, its terminals and clients, and the view of it. */
export class LiveMachine<V extends View> {
  readonly machine: BrowserMachine
  readonly desk: Desk
  readonly view: V

  constructor(
    machine: BrowserMachine,
    settings: Pick<SessionData, 'machine' | 'clients'>,
    { view, sinks = [], onChange, ...desk }: LiveMachineOptions<V>,
  ) {
    this.machine = machine
    this.view = view
    this.desk = new Desk(machine.kernel, settings, {
      ...desk,
      onLine: onChange,
      onFault: (error) => reportError(error),
    })
    machine.onFault = (error) => this.desk.fault(error)
    machine.kernel.subscribe((event) => {
      view.take(event)
      for (const sink of sinks) sink.take(event)
      this.desk.take(event)
      onChange()
    })
  }

  /** Virtual ms since the machine was switched on. */
  get now(): number {
    return this.machine.kernel.now
  }

  get picture(): Picture {
    return this.view.picture
  }

  /** Whether a server is up, or coming up. */
  get serverLives(): boolean {
    const { server } = this.picture
    return server !== undefined && server.until === undefined
  }

  /** Whether anything will happen as time advances. An idle machine is paused and costs nothing. */
  get isActive(): boolean {
    return this.serverLives || this.machine.kernel.nextAt() !== undefined
  }

  dispose(): Promise<void> {
    return this.machine.dispose()
  }
}
