import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { isLost } from '../../../simulator/machine/view/lives.ts'

/** What happened in one second of virtual time. */
export interface Second {
  answered: number
  /** Lost, refused, and answered with a status from 500 on. */
  errors: number
  /** From connecting to the end of the answer, in ms. */
  readonly latencies: number[]
  /** Processor time used, in ms. */
  cpu: number
  /** Resident memory of all processes at its end, in bytes. */
  memory: number
}

/** The figures of a machine, second by second, folded from its trace as that grows. */
export class Measures {
  readonly seconds: Second[] = []
  /** Answers of each process, with their moments. */
  readonly answers: { readonly at: number; readonly pid: number }[] = []
  readonly #since = new Map<number, number>()
  readonly #failed = new Set<number>()
  /** Requests that a proxy makes for its clients: they tell who answered, and are not counted. */
  readonly #inner = new Set<number>()
  readonly #proxies = new Set<number>()
  readonly #memory = new Map<number, number>()
  #used = 0

  take(event: TraceEvent): void {
    switch (event.type) {
      case 'connected':
        this.#since.set(event.request, event.at)
        if (event.via !== undefined) this.#inner.add(event.request)
        return
      case 'forked':
        if (event.kind === 'proxy') this.#proxies.add(event.pid)
        return
      case 'head':
        if (event.status >= 500) this.#failed.add(event.request)
        return
      case 'request-ended':
        return this.#ended(event)
      case 'busy':
        return this.#busy(event.at, event.until)
      case 'memory':
        return this.#remember(event.at, event.pid, event.bytes)
      case 'ended':
        return this.#remember(event.at, event.pid, 0)
      default:
    }
  }

  #ended(event: TraceEvent & { type: 'request-ended' }): void {
    const second = this.#second(event.at)
    const since = this.#since.get(event.request)
    this.#since.delete(event.request)
    const failed = this.#failed.delete(event.request)
    const answers = event.end === 'answered' && event.pid !== undefined && !this.#proxies.has(event.pid)
    if (answers) this.answers.push({ at: event.at, pid: event.pid })
    if (this.#inner.delete(event.request)) return
    if (isLost(event.end) || event.end === 'refused' || event.end === 'gave-up' || failed) second.errors += 1
    if (event.end !== 'answered') return
    second.answered += 1
    if (since !== undefined) second.latencies.push(event.at - since)
  }

  /** Processor time is laid into the seconds in which it passes. */
  #busy(from: number, until: number): void {
    if (!Number.isFinite(until)) return
    for (let at = from; at < until;) {
      const end = Math.min(until, (Math.floor(at / 1000) + 1) * 1000)
      this.#second(at).cpu += end - at
      at = end
    }
  }

  #remember(at: number, pid: number, bytes: number): void {
    this.#used += bytes - (this.#memory.get(pid) ?? 0)
    if (bytes === 0) this.#memory.delete(pid)
    else this.#memory.set(pid, bytes)
    this.#second(at).memory = this.#used
  }

  #second(at: number): Second {
    const index = Math.floor(at / 1000)
    while (this.seconds.length <= index) {
      const memory = this.seconds.at(-1)?.memory ?? 0
      this.seconds.push({ answered: 0, errors: 0, latencies: [], cpu: 0, memory })
    }
    const second = this.seconds[index]
    if (second === undefined) throw new RangeError(`a time from 0 was expected, but it was ${at}`)
    return second
  }
}

/** The value below which `share` (0 to 1) of the values lie; nothing when there are none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** How many of the answers up to a moment each process gave, most first. */
export function shares(measures: Measures, until: number): readonly { pid: number; count: number }[] {
  const counts = new Map<number, number>()
  for (const { at, pid } of measures.answers) {
    if (at > until) break
    counts.set(pid, (counts.get(pid) ?? 0) + 1)
  }
  return [...counts].map(([pid, count]) => ({ pid, count })).toSorted((a, b) => b.count - a.count)
}
