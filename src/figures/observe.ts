import type { ProcessKind, RequestEnd, TraceEvent } from '../../simulator/machine/trace.ts'
import type { ExitStatus } from '../../simulator/manager/machine.ts'
import type { SignalName } from '../../simulator/manager/signals.ts'

/** A process's life, in virtual ms. */
export interface ObservedProcess {
  readonly pid: number
  readonly kind: ProcessKind
  readonly command: string
  readonly kept: string | undefined
  readonly from: number
  /** When it began to serve, and when it began to stop. */
  serves?: number
  drains?: number
  until?: number
  status?: ExitStatus
  readonly signals: { readonly at: number; readonly signal: SignalName }[]
  /** When its main thread was blocked, for at least `LONG` ms. */
  readonly held: { readonly from: number; until: number }[]
}

/** A client's request, in virtual ms. */
export interface ObservedRequest {
  readonly request: number
  readonly target: string
  readonly from: number
  accepted?: number
  pid?: number
  status?: number
  until?: number
  end?: RequestEnd
}

/** The processes and requests of a machine, in the order in which they began. */
export interface ObservedRun {
  readonly lives: readonly ObservedProcess[]
  readonly asked: readonly ObservedRequest[]
  /** Requests that a proxy sent on behalf of clients. */
  readonly inner: readonly ObservedRequest[]
  readonly events: readonly TraceEvent[]
}

/** Shorter blocking of a main thread is not drawn, in ms. */
const LONG = 20

/** Folds a machine's events into its processes and requests. */
export function observe(events: readonly TraceEvent[]): ObservedRun {
  const lives = new Map<number, ObservedProcess>()
  const asked = new Map<number, ObservedRequest>()
  const forwarded = new Set<number>()
  for (const event of events) {
    switch (event.type) {
      case 'forked': {
        const { pid, kind, command, kept, at } = event
        lives.set(pid, { pid, kind, command, kept, from: at, signals: [], held: [] })
        break
      }
      case 'phase': {
        const life = lives.get(event.pid)
        if (life === undefined) break
        if (event.phase === 'serving') life.serves ??= event.at
        if (event.phase === 'draining') life.drains ??= event.at
        break
      }
      case 'signalled':
        lives.get(event.pid)?.signals.push({ at: event.at, signal: event.signal })
        break
      case 'busy':
        if (event.until - event.at >= LONG)
          lives.get(event.pid)?.held.push({ from: event.at, until: event.until })
        break
      case 'rested': {
        const held = lives.get(event.pid)?.held.at(-1)
        if (held !== undefined) held.until = Math.max(held.until, event.at)
        break
      }
      case 'ended': {
        const life = lives.get(event.pid)
        if (life !== undefined) Object.assign(life, { until: event.at, status: event.status })
        break
      }
      case 'connected':
        asked.set(event.request, { request: event.request, target: event.target, from: event.at })
        if (event.via !== undefined) forwarded.add(event.request)
        break
      case 'accepted': {
        const request = asked.get(event.request)
        if (request !== undefined) Object.assign(request, { accepted: event.at, pid: event.pid })
        break
      }
      case 'head': {
        const request = asked.get(event.request)
        if (request !== undefined) request.status = event.status
        break
      }
      case 'request-ended': {
        const request = asked.get(event.request)
        if (request !== undefined) Object.assign(request, { until: event.at, end: event.end })
        break
      }
    }
  }
  const requests = Map.groupBy(asked.values(), ({ request }) => (forwarded.has(request) ? 'inner' : 'asked'))
  return {
    lives: [...lives.values()],
    asked: requests.get('asked') ?? [],
    inner: requests.get('inner') ?? [],
    events,
  }
}

/** The processes that served, in the order of their numbers. */
export function servers({ lives }: ObservedRun): readonly ObservedProcess[] {
  return lives.filter(({ serves }) => serves !== undefined).toSorted((a, b) => a.pid - b.pid)
}

/** How long a request waited until a process accepted it, in ms. */
export function waited({ from, accepted }: ObservedRequest): number {
  return (accepted ?? Infinity) - from
}
