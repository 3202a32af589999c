import { outcomeOf, SERVER_ERROR } from '../../../simulator/machine/requests.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { sharedOnce } from '../../../simulator/machine/view/memory.ts'

/** Figures of one second of virtual time. */
export interface SecondMeasures {
  /** Requests by outcome (machine/requests.ts): answered, answered with 5xx, and without a response for any reason. */
  answered: number
  errors: number
  unanswered: number
  /** Time from connect to the end of the response, in ms. While the second lasts: every latency; afterwards: its percentiles `SHARES`. */
  latencies: readonly number[]
  over: boolean
  /** How many responses each process sent. */
  readonly answers: Map<number, number>
  /** Processor time used, in ms. */
  cpu: number
  /** Memory in use at the end of the second, in bytes. Shared pages count once, as in the picture. */
  memory: number
}

/** The percentiles of the latencies that are kept for each second. */
export const SHARES = [0.5, 0.95, 0.99] as const

/** How many seconds are kept: four hours. */
const KEPT = 4 * 3600

/** The figures of a machine, second by second, folded from its trace as it grows. Their memory is bounded. */
export class Measures {
  readonly #kept: number
  #seconds: SecondMeasures[] = []
  /** The number of the first second that is kept. */
  #first = 0
  /** The number of the present second; those before it have ended. */
  #present = 0
  #latencies: number[] = []
  /** How many responses each process gave in the seconds that have been dropped. */
  readonly #before = new Map<number, number>()
  readonly #since = new Map<number, number>()
  readonly #failed = new Set<number>()
  /** Requests that a proxy forwards: they tell which worker answered, but are not counted a second time. */
  readonly #inner = new Set<number>()
  readonly #proxies = new Set<number>()
  /** Private and shared memory of each process, in bytes, by PID; and the sum of the private memory. */
  readonly #own = new Map<number, number>()
  readonly #shared = new Map<number, number>()
  #sum = 0

  /** @param kept how many seconds are kept */
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
        if (event.status >= SERVER_ERROR) this.#failed.add(event.request)
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

  /** A second by its number; `undefined` when it is not kept, or nothing has happened since. */
  second(number: number): SecondMeasures | undefined {
    return this.#seconds[number - this.#first]
  }

  /** The last second in which something happened. */
  get last(): SecondMeasures | undefined {
    return this.#seconds.at(-1)
  }

  /** A percentile of a second's latencies. */
  latency(number: number, share: (typeof SHARES)[number]): number | undefined {
    const second = this.second(number)
    if (second?.over === true) return second.latencies[SHARES.indexOf(share)]
    return percentile(second?.latencies ?? [], share)
  }

  /**
   * How many responses each process sent up to a moment, the highest number first. A second that has ended counts as a whole, the present
   * one up to now.
   */
  shares(until: number): readonly { pid: number; count: number }[] {
    const counts = new Map(this.#before)
    for (const { answers } of this.#seconds.slice(0, Math.max(0, Math.ceil(until / 1000) - this.#first)))
      for (const [pid, count] of answers) counts.set(pid, (counts.get(pid) ?? 0) + count)
    return [...counts].map(([pid, count]) => ({ pid, count })).toSorted((a, b) => b.count - a.count)
  }

  /** Closes the seconds that have ended, and drops the oldest. */
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
    const fate = outcomeOf(event, failed)
    second[fate === 'answered' || fate === 'errors' ? fate : 'unanswered'] += 1
    if (event.end !== 'answered') return
    if (since !== undefined) this.#latencies.push(event.at - since)
  }

  /** Spreads processor time over the seconds in which it was used. */
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

  #second(at: number): SecondMeasures {
    const number = Math.floor(at / 1000)
    while (this.#first + this.#seconds.length <= number) this.#seconds.push(this.#newSecond())
    const second = this.second(number)
    if (second === undefined) throw new RangeError(`a time from 0 was expected, but it was ${at}`)
    return second
  }

  #newSecond(): SecondMeasures {
    const memory = this.last?.memory ?? 0
    const number = this.#first + this.#seconds.length
    const latencies = number === this.#present ? this.#latencies : []
    const answers = new Map<number, number>()
    return {
      answered: 0,
      errors: 0,
      unanswered: 0,
      latencies,
      over: number < this.#present,
      answers,
      cpu: 0,
      memory,
    }
  }
}

/** The value below which `share` (0 to 1) of the values lie; `undefined` when there are none. */
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
