import type { ActiveState, EndedCommand, SubState, UnitResult } from '../../machine/init/api.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Clock } from './clock.ts'
import type { Trace } from './trace.ts'

/** The state that a unit is in, and what `systemctl status` tells of how it came there. Changes are in the trace. */
export class UnitState {
  readonly #unit: string
  readonly #clock: Clock
  readonly #trace: Trace
  active: ActiveState = 'inactive'
  sub: SubState = 'dead'
  result: UnitResult = 'success'
  since: number
  restarts = 0
  /** When it is to be started again. */
  restartAt: number | undefined
  /** How the main process ended, and its PID. */
  last: { readonly pid: number | undefined; readonly status: ExitStatus } | undefined
  /** What the service has said of itself. */
  text: string | undefined
  ended: EndedCommand[] = []
  duration: number | undefined
  #activeSince: number | undefined

  constructor(unit: string, { clock, trace }: { clock: Clock; trace: Trace }) {
    this.#unit = unit
    this.#clock = clock
    this.#trace = trace
    this.since = clock.now
  }

  /** A new run begins: of the last one only the counter stays. */
  begin(): void {
    this.result = 'success'
    this.last = this.text = this.duration = this.#activeSince = undefined
    this.ended = []
  }

  /** The first failure counts. */
  failed(result: UnitResult): void {
    if (this.result === 'success') this.result = result
  }

  enter(active: ActiveState, sub: SubState): void {
    const { now } = this.#clock
    const runs = (state: ActiveState): boolean => state === 'active' || state === 'reloading'
    if (active !== this.active && !(runs(active) && runs(this.active))) this.since = now
    if (runs(active) && !runs(this.active)) this.#activeSince = now
    if (!runs(active) && runs(this.active)) this.duration = now - (this.#activeSince ?? now)
    this.active = active
    this.sub = sub
    if (sub !== 'auto-restart') this.restartAt = undefined
    const { result, restarts, restartAt } = this
    this.#trace.record({
      type: 'unit',
      unit: this.#unit,
      ...{ active, sub, result, restarts },
      ...(restartAt === undefined ? {} : { restartAt }),
    })
  }
}
