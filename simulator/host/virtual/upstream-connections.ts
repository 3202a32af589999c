import type { Clock } from './clock.ts'
import type { ScheduledEvent } from './queue.ts'

interface IdleConnection {
  readonly number: number
  readonly due: ScheduledEvent
}

/** The connections that a proxy keeps open to its upstreams between requests. The one that was used last is taken first, as nginx does it. */
export class UpstreamConnections {
  readonly #clock: Clock
  readonly #idle = new Map<string, IdleConnection[]>()
  /** Below those that clients choose. */
  #next = -1

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock
  }

  /** The number of an idle connection, or of a new one. */
  take(upstream: string): number {
    const idle = this.#idle.get(upstream)?.pop()
    this.#clock.cancel(idle?.due)
    return idle?.number ?? this.#next--
  }

  /** A response has ended: the connection is kept for so many seconds. */
  keep(upstream: string, number: number, seconds: number): void {
    const all = this.#idle.get(upstream) ?? []
    this.#idle.set(upstream, all)
    const due = this.#clock.after(seconds * 1000, () => {
      const at = all.findIndex((each) => each.number === number)
      if (at >= 0) all.splice(at, 1)
    })
    all.push({ number, due })
  }
}
