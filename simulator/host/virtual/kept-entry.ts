import type { KeptProgramSpec, KeptProgram, KeptProgramState } from '../../machine/keeper/api.ts'
import { FRESH, type RestartHistory } from '../../machine/keeper/rules.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { ContainerNetworks } from './container-networks.ts'
import type { RunningHealthCheck } from './health-check.ts'
import { KeptOutput } from './kept-output.ts'
import type { ScheduledEvent } from './queue.ts'

/** What is known of a kept program. */
export interface KeptEntry {
  readonly keeping: KeptProgramSpec
  state: KeptProgramState
  stateText: string
  pid: number | undefined
  memory: RestartHistory
  restartAt: number | undefined
  status: ExitStatus | undefined
  oomKilled: boolean
  since: number
  readonly createdAt: number
  begunAt: number
  finishedAt: number | undefined
  health: RunningHealthCheck | undefined
  due: ScheduledEvent | undefined
  byHand: boolean
  stoppers: (() => void)[]
  readonly output: KeptOutput
  readonly log: { at: number; text: string }[]
}

export function newEntry(keeping: KeptProgramSpec, now: number): KeptEntry {
  return {
    keeping,
    state: 'stopped',
    stateText: 'stopped',
    pid: undefined,
    memory: FRESH,
    restartAt: undefined,
    status: undefined,
    oomKilled: false,
    since: now,
    createdAt: now,
    begunAt: 0,
    finishedAt: undefined,
    health: undefined,
    due: undefined,
    byHand: false,
    stoppers: [],
    output: new KeptOutput(),
    log: [],
  }
}

/** What others may see of it. */
export function seen(entry: KeptEntry, address: string | undefined): KeptProgram {
  const { keeping, memory, begunAt, health, pid, state, stateText, restartAt, status, oomKilled } = entry
  return {
    ...{ keeping, pid, state, stateText, restartAt, status, oomKilled, address },
    restarts: memory.restarts,
    since: entry.since,
    createdAt: entry.createdAt,
    startedAt: begunAt,
    finishedAt: entry.finishedAt,
    health: pid === undefined ? undefined : health?.health,
  }
}

export function stoppedWord({ keeper }: KeptProgramSpec): string {
  return keeper.by === 'supervisor' ? 'STOPPED' : keeper.by === 'pod' ? 'Terminated' : 'Exited'
}

export function stopSignalOf({ keeper }: KeptProgramSpec): SignalName {
  return keeper.by === 'container' ? (keeper.stopSignal ?? 'TERM') : 'TERM'
}

/** The network of a container's processes, where it is not the machine's. */
export function networkOf({ name, keeper }: KeptProgramSpec): { readonly network?: string } {
  return keeper.by === 'container' && keeper.network !== undefined ? { network: name } : {}
}

/** What a container brings into its network. `none` has no others. */
export function joining({ keeper }: KeptProgramSpec): Parameters<ContainerNetworks['join']>[1] {
  if (keeper.by !== 'container' || keeper.network === 'none') return {}
  const { network, names, ports } = keeper
  return {
    ...(network === undefined ? {} : { network }),
    ...(names === undefined ? {} : { names }),
    ...(ports === undefined ? {} : { ports }),
  }
}
