import type { TraceEvent } from '../trace.ts'

/**
 * How busy the cores are and with which processes, folded from the trace. The cores are shared as the machine's scheduler does it: each
 * process that computes gets a core, or with too many of them an equal part of all.
 */
export interface CoreLoad {
  /** Virtual time up to which it is folded, in ms. */
  readonly at: number
  readonly cores: number
  /** The computing that is left, in ms on a core of its own, by PID. */
  readonly work: ReadonlyMap<number, number>
  /** PIDs of stopped processes: their computing does not progress. */
  readonly stopped: ReadonlySet<number>
  /** The part of the processor that each process had recently, in cores, by PID. */
  readonly shares: ReadonlyMap<number, number>
  /** Whether there was ever enough computing to be shown. */
  readonly acted: boolean
}

export const IDLE: CoreLoad = {
  at: 0,
  cores: 1,
  work: new Map(),
  stopped: new Set(),
  shares: new Map(),
  acted: false,
}

/** Recent shares decay with this time constant, in ms: about what an eye can follow. */
const FADE = 400
/** Computing shorter than this is not shown, in ms. */
const FELT = 50
/** A smaller part of a core is not shown. */
const LEAST = 0.01

/** The load after one more event; most events do not change it. */
export function foldCores(load: CoreLoad, event: TraceEvent): CoreLoad {
  switch (event.type) {
    case 'busy': {
      const next = coresAt(load, event.at)
      const left = event.spinning ? Infinity : Math.max(0, event.until - event.at)
      const acted = load.acted || left >= FELT
      return { ...next, acted, work: new Map(next.work).set(event.pid, left) }
    }
    case 'rested':
    case 'ended': {
      if (!load.work.has(event.pid) && !load.stopped.has(event.pid)) return load
      const next = coresAt(load, event.at)
      return { ...next, work: without(next.work, event.pid), stopped: less(next.stopped, event.pid) }
    }
    case 'stopped': {
      const next = coresAt(load, event.at)
      return { ...next, stopped: new Set(next.stopped).add(event.pid) }
    }
    case 'continued': {
      if (!load.stopped.has(event.pid)) return load
      const next = coresAt(load, event.at)
      return { ...next, stopped: less(next.stopped, event.pid) }
    }
    case 'hardware':
      return { ...coresAt(load, event.at), cores: event.cores }
    default:
      return load
  }
}

/** The load at a later time, if nothing happens in between. */
export function coresAt(load: CoreLoad, at: number): CoreLoad {
  if (at <= load.at) return load
  const work = new Map(load.work)
  const shares = new Map(load.shares)
  let now = load.at
  while (now < at) {
    const runs = [...work].filter(([pid]) => !load.stopped.has(pid))
    const rate = Math.min(1, load.cores / Math.max(1, runs.length))
    const first = Math.min(Infinity, ...runs.map(([, left]) => left / rate))
    const span = Math.min(at - now, first)
    const kept = Math.exp(-span / FADE)
    for (const [pid, share] of shares) shares.set(pid, share * kept)
    for (const [pid, left] of runs) {
      shares.set(pid, (shares.get(pid) ?? 0) + rate * (1 - kept))
      if (left <= span * rate) work.delete(pid)
      else work.set(pid, left - span * rate)
    }
    now += span
  }
  for (const [pid, share] of shares) if (share < LEAST && !work.has(pid)) shares.delete(pid)
  return { ...load, at, work, shares }
}

/** The number of processes that compute or wait for a core. */
export function runnable({ work, stopped }: CoreLoad): number {
  return [...work.keys()].filter((pid) => !stopped.has(pid)).length
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const next = new Map(map)
  next.delete(key)
  return next
}

function less<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  return set.has(item) ? new Set([...set].filter((each) => each !== item)) : set
}
