/** nginx 1.22, `fail_timeout`: who failed is not asked for so many ms, as long as another can be. */
const LEFT_OUT = 10_000

/** Deals requests to upstreams in turns (round robin), as nginx does unless told otherwise. */
export class Turns {
  readonly #upstreams: readonly string[]
  readonly #outUntil = new Map<string, number>()
  #next = 0

  /** @throws RangeError when there is nobody to deal to. */
  constructor(upstreams: readonly string[]) {
    if (upstreams.length === 0) throw new RangeError('expected at least one upstream, got none')
    this.#upstreams = upstreams
  }

  /** Whose turn it is at this virtual time (ms); when all are left out, all are asked again. */
  next(now: number): string {
    const order = this.#upstreams.map((_, index) => (this.#next + index) % this.#upstreams.length)
    const index = order.find((each) => (this.#outUntil.get(this.#at(each)) ?? 0) <= now) ?? this.#next
    this.#next = (index + 1) % this.#upstreams.length
    return this.#at(index)
  }

  /** It did not take the connection. */
  leaveOut(upstream: string, now: number): void {
    this.#outUntil.set(upstream, now + LEFT_OUT)
  }

  #at(index: number): string {
    return this.#upstreams[index] ?? ''
  }
}
