import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { sharedOnce } from '../../../simulator/machine/view/memory.ts'

/** What happened in one second of virtual time. */
export interface Second {
  answered: number
  /** Whatever its end: clients that got no answer, and answers with a status from 500 on. */
  errors: number
  /** From connecting to the end of the answer, in ms: while the second lasts, each; then the shares `SHARES` of them. */
  latencies: readonly number[]
  over: boolean
  /** How many answers each process gave. */
  readonly answers: Map<number, number>
  /** Processor time used, in ms. */
  cpu: number
  /** Memory in use at its end, in bytes: what processes share counts once, as in the picture. */
  memory: number
}

/** The shares of the latencies that are kept of a second. */
export const SHARES = [0.5, 0.95, 0.99] as const

/** So many seconds are kept: four hours. */
const KEPT = 4 * 3600

/** The figures of a machine, second by second, folded from its trace as that grows. Their memory is bounded. */
export class Measures {
  readonly #kept: number
  #seconds: Second[] = []
  /** The number of the first second that is kept. */
  #first = 0
  /** The seconds before this one are over. */
  #present = 0
  #latencies: number[] = []
  /** Answers of each process in the seconds that were forgotten. */
  readonly #before = new Map<number, number>()
  readonly #since = new Map<number, number>()
  readonly #failed = new Set<number>()
  /** Requests that a proxy makes for its clients: they tell who answered, and are not counted. */
  readonly #inner = new Set<number>()
  readonly #proxies = new Set<number>()
  /** What each process has for itself and what it shares, in bytes, by PID; and the sum of the former. */
  readonly #own = new Map<number, number>()
  readonly #shared = new Map<number, number>()
  #sum = 0

  /** `kept`: how many seconds. */
  constructor(kept = KEPT) {
    this.#kept = kept
  }

  take(event: TraceEvent): void {
    if (event.at >= (this.#present + 1) * 1000) this.#turnOver(event.at)
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
        return this.#remember(event.at, event.pid, event.bytes, event.shared ?? 0)
      case 'ended':
        return this.#remember(event.at, event.pid, 0, 0)
      default:
    }
  }

  /** A second by its number; nothing when it is not kept, or nothing happened from it on. */
  second(number: number): Second | undefined {
    return this.#seconds[number - this.#first]
  }

  /** The last second in which something happened. */
  get last(): Second | undefined {
    return this.#seconds.at(-1)
  }

  /** The value below which a share of a second's latencies lies. */
  latency(number: number, share: (typeof SHARES)[number]): number | undefined {
    const second = this.second(number)
    if (second?.over === true) return second.latencies[SHARES.indexOf(share)]
    return percentile(second?.latencies ?? [], share)
  }

  /**
   * How many of the answers up to a moment each process gave, most first. Of a second that is over all of them count, and
   * of one that is not over yet those until now.
   */
  shares(until: number): readonly { pid: number; count: number }[] {
    const counts = new Map(this.#before)
    for (const { answers } of this.#seconds.slice(0, Math.max(0, Math.ceil(until / 1000) - this.#first)))
      for (const [pid, count] of answers) counts.set(pid, (counts.get(pid) ?? 0) + count)
    return [...counts].map(([pid, count]) => ({ pid, count })).toSorted((a, b) => b.count - a.count)
  }

  /** Closes the seconds that are over, and forgets the oldest. */
  #turnOver(at: number): void {
    const present = Math.floor(at / 1000)
    for (let number = this.#present; number < present; number++) {
      const second = this.second(number)
      if (second === undefined) continue
      const sorted = second.latencies.toSorted((a, b) => a - b)
      second.latencies = sorted.length === 0 ? [] : SHARES.map((share) => ofSorted(sorted, share))
      second.over = true
    }
    this.#present = present
    this.#latencies = []
    const begun = this.second(present)
    if (begun !== undefined) begun.latencies = this.#latencies
    const many = this.#seconds.length - this.#kept
    if (many <= 0) return
    for (const { answers } of this.#seconds.splice(0, many))
      for (const [pid, count] of answers) this.#before.set(pid, (this.#before.get(pid) ?? 0) + count)
    this.#first += many
  }

  #ended(event: TraceEvent & { type: 'request-ended' }): void {
    const second = this.#second(event.at)
    const since = this.#since.get(event.request)
    this.#since.delete(event.request)
    const failed = this.#failed.delete(event.request)
    const answers = event.end === 'answered' && event.pid !== undefined && !this.#proxies.has(event.pid)
    if (answers) second.answers.set(event.pid, (second.answers.get(event.pid) ?? 0) + 1)
    if (this.#inner.delete(event.request)) return
    if (event.end !== 'answered' || failed) second.errors += 1
    if (event.end !== 'answered') return
    second.answered += 1
    if (since !== undefined) this.#latencies.push(event.at - since)
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

  #remember(at: number, pid: number, bytes: number, shared: number): void {
    const own = bytes - shared
    this.#sum += own - (this.#own.get(pid) ?? 0)
    if (bytes === 0) this.#own.delete(pid)
    else this.#own.set(pid, own)
    if (shared === 0) this.#shared.delete(pid)
    else this.#shared.set(pid, shared)
    this.#second(at).memory = this.#sum + sharedOnce(this.#shared.values())
  }

  #second(at: number): Second {
    const number = Math.floor(at / 1000)
    while (this.#first + this.#seconds.length <= number) this.#seconds.push(this.#newSecond())
    const second = this.second(number)
    if (second === undefined) throw new RangeError(`a time from 0 was expected, but it was ${at}`)
    return second
  }

  #newSecond(): Second {
    const memory = this.last?.memory ?? 0
    const number = this.#first + this.#seconds.length
    const latencies = number === this.#present ? this.#latencies : []
    const answers = new Map<number, number>()
    return { answered: 0, errors: 0, latencies, over: number < this.#present, answers, cpu: 0, memory }
  }
}

/** The value below which `share` (0 to 1) of the values lie; nothing when there are none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined
  return ofSorted(
    values.toSorted((a, b) => a - b),
    share,
  )
}

function ofSorted(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
