import { UNIT_FOLDER, type ActiveState, type SubState, type UnitResult } from '../init/api.ts'
import type { Keeper, KeptProgramState } from '../keeper/api.ts'
import type { Certificate } from '../network/api.ts'
import type { TraceEvent } from '../trace.ts'
import { foldCores, IDLE, type CoreLoad } from './core-load.ts'

/** The state of the machine around its server, folded from its trace. Parts that have not done anything yet are left out. */
export interface MachineState {
  /** `down` from the last of its processes until it has booted again. */
  readonly power: 'up' | 'going-down' | 'down'
  /** Virtual time of the last boot in ms, and the number of boots. */
  readonly bootedAt: number
  readonly boots: number
  readonly cores: CoreLoad
  readonly proxy: ProxyView | undefined
  /** Certificates by the name that they are for. */
  readonly certificates: ReadonlyMap<string, Certificate>
  /** Memory and swap in use, in bytes, once the trace has told them. */
  readonly memory: { readonly used: number; readonly swapUsed: number } | undefined
  /** Shared resident memory of each process, in bytes, by PID. */
  readonly shared: ReadonlyMap<number, number>
  /** Memory of each process in swap, in bytes, by PID. */
  readonly swapped: ReadonlyMap<number, number>
  /** How many processes the OOM killer has killed. */
  readonly oomKills: number
  readonly units: ReadonlyMap<string, UnitView>
  /** The programs of keepers, by name. */
  readonly kept: ReadonlyMap<string, KeptProgramView>
}

/** The TLS termination proxy. */
export interface ProxyView {
  readonly pid: number
  /** Requests that it has forwarded, and requests that it had to answer itself because nothing listened upstream. */
  readonly forwarded: number
  readonly failed: number
  /** Clients that ended the handshake: they did not accept its certificate, or it had none for the name. */
  readonly rejected: number
}

/** A unit of the init system. */
export interface UnitView {
  readonly active: ActiveState
  readonly sub: SubState
  readonly result: UnitResult
  readonly restarts: number
  /** When it is started again, in virtual ms, while it waits for that. */
  readonly restartAt?: number
}

export interface KeptProgramView {
  readonly by: Keeper['by']
  readonly state: KeptProgramState
  /** The state in the keeper's own words. */
  readonly word: string
  readonly restarts: number
  /** When it is started again, in virtual ms, while it waits for that. */
  readonly restartAt?: number
}

export const INITIAL_MACHINE_STATE: MachineState = {
  power: 'up',
  bootedAt: 0,
  boots: 0,
  cores: IDLE,
  proxy: undefined,
  certificates: new Map(),
  memory: undefined,
  shared: new Map(),
  swapped: new Map(),
  oomKills: 0,
  units: new Map(),
  kept: new Map(),
}

/** The view of a unit that has a file and has not run. */
const UNKNOWN: UnitView = { active: 'inactive', sub: 'dead', result: 'success', restarts: 0 }

/** The state after one more event; the same object when the event does not change it. */
export function foldMachineState(around: MachineState, event: TraceEvent): MachineState {
  const cores = foldCores(around.cores, event)
  const next = apply(around, event)
  return cores === next.cores ? next : { ...next, cores }
}

function apply(around: MachineState, event: TraceEvent): MachineState {
  switch (event.type) {
    case 'forked': {
      if (event.kind !== 'proxy') return around
      return { ...around, proxy: { pid: event.pid, forwarded: 0, failed: 0, rejected: 0 } }
    }
    case 'ended':
      return ended(around, event.pid)
    case 'forwarded':
      return proxied(around, 'forwarded')
    case 'bad-gateway':
      return proxied(around, 'failed')
    case 'certificate':
      return event.verdict === 'good' ? around : proxied(around, 'rejected')
    case 'certificate-missing':
      return proxied(around, 'rejected')
    case 'certificate-changed': {
      const certificates = new Map(around.certificates)
      if (event.certificate === undefined) certificates.delete(event.name)
      else certificates.set(event.name, event.certificate)
      return { ...around, certificates }
    }
    case 'memory': {
      const { pid, shared = 0, swapped = 0 } = event
      const same = shared === (around.shared.get(pid) ?? 0) && swapped === (around.swapped.get(pid) ?? 0)
      if (same) return around
      return {
        ...around,
        shared: new Map(around.shared).set(pid, shared),
        swapped: new Map(around.swapped).set(pid, swapped),
      }
    }
    case 'memory-used':
      return { ...around, memory: { used: event.used, swapUsed: event.swapUsed } }
    case 'out-of-memory':
      return { ...around, oomKills: around.oomKills + 1 }
    case 'unit': {
      const { unit, active, sub, result, restarts, restartAt } = event
      const sight = { active, sub, result, restarts, ...(restartAt === undefined ? {} : { restartAt }) }
      return { ...around, units: new Map(around.units).set(unit, sight) }
    }
    case 'file-written': {
      const [, unit] = /^(.*)\/([^/]+\.service)$/.exec(event.path)?.slice(1) ?? []
      if (unit === undefined || around.units.has(unit) || !event.path.startsWith(`${UNIT_FOLDER}/`))
        return around
      return { ...around, units: new Map(around.units).set(unit, UNKNOWN) }
    }
    case 'kept': {
      const { name, by, state, word, restarts, restartAt } = event
      const sight = { by, state, word, restarts, ...(restartAt === undefined ? {} : { restartAt }) }
      return { ...around, kept: new Map(around.kept).set(name, sight) }
    }
    case 'kept-no-more': {
      const kept = new Map(around.kept)
      kept.delete(event.name)
      return { ...around, kept }
    }
    case 'shutting-down':
      return { ...around, power: event.hard ? 'down' : 'going-down' }
    case 'booted':
      return { ...around, power: 'up', bootedAt: event.at, boots: event.count }
    default:
      return around
  }
}

function ended(around: MachineState, pid: number): MachineState {
  const proxy = around.proxy?.pid === pid ? undefined : around.proxy
  if (proxy === around.proxy && !around.swapped.has(pid)) return around
  const [shared, swapped] = [new Map(around.shared), new Map(around.swapped)]
  shared.delete(pid)
  swapped.delete(pid)
  return { ...around, proxy, shared, swapped }
}

function proxied(around: MachineState, what: 'forwarded' | 'failed' | 'rejected'): MachineState {
  const { proxy } = around
  return proxy === undefined ? around : { ...around, proxy: { ...proxy, [what]: proxy[what] + 1 } }
}
