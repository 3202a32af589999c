/** nginx 1.22, `fail_timeout`: an upstream that failed is left out for this many ms, while there is another. */
const LEFT_OUT = 10_000

/** Chooses upstreams in turn: round robin, nginx's default. */
export class RoundRobin {
  readonly #upstreams: readonly string[]
  readonly #outUntil = new Map<string, number>()
  #next = 0

  /** @throws RangeError when the list is empty */
  constructor(upstreams: readonly string[]) {
    if (upstreams.length === 0) throw new RangeError('expected at least one upstream, got none')
    this.#upstreams = upstreams
  }

  /** The upstream for the next request at this virtual time (ms). When all are left out, all are tried again. */
  next(now: number): string {
    const order = this.#upstreams.map((_, index) => (this.#next + index) % this.#upstreams.length)
    const index = order.find((each) => (this.#outUntil.get(this.#at(each)) ?? 0) <= now) ?? this.#next
    this.#next = (index + 1) % this.#upstreams.length
    return this.#at(index)
  }

  /** Leaves an upstream out for a while: it refused a connection. */
  leaveOut(upstream: string, now: number): void {
    this.#outUntil.set(upstream, now + LEFT_OUT)
  }

  #at(index: number): string {
    return this.#upstreams[index] ?? ''
  }
}
