import type { RequestEnd, TraceFact } from './trace.ts'

/** How a client's request ended. Each request is counted under exactly one outcome. */
export type RequestOutcome =
  /** A complete response with a status below 500. */
  | 'answered'
  /** A complete response with a status of 500 or more. */
  | 'errors'
  /** A worker (or the proxy) had accepted the request, and did not send a complete response. */
  | 'lost'
  /** The request waited in the backlog of a listening socket, which was closed before a process accepted it. */
  | 'unaccepted'
  /** Nothing listened on the address. */
  | 'refused'
  /** The connection was never set up: no address for the name, no valid certificate, or no TLS. */
  | 'unreached'
  /** The client's timeout passed. */
  | 'gaveUp'

/** How many of the clients' requests had each outcome. */
export type OutcomeCounts = Readonly<Record<RequestOutcome, number>>

export const NO_OUTCOMES: OutcomeCounts = {
  answered: 0,
  errors: 0,
  lost: 0,
  unaccepted: 0,
  refused: 0,
  unreached: 0,
  gaveUp: 0,
}

type Ended = Extract<TraceFact, { type: 'request-ended' }>

/** From this status on, a response says that the server failed (RFC 9110, 15.6). */
export const SERVER_ERROR = 500

/**
 * The outcome of a request. `pid` is the process that had accepted it, if one had.
 * @param failed a head with a status of 500 or more had been sent
 */
export function outcomeOf({ end, pid }: Pick<Ended, 'end' | 'pid'>, failed: boolean): RequestOutcome {
  switch (end) {
    case 'answered':
      return failed ? 'errors' : 'answered'
    case 'refused':
      return 'refused'
    case 'gave-up':
      return 'gaveUp'
    case 'no-such-host':
    case 'bad-certificate':
    case 'no-certificate':
    case 'not-tls':
      return 'unreached'
    case 'cut-off':
    case 'closed':
      return pid === undefined ? 'unaccepted' : 'lost'
  }
}

/** The counts with one more of `fate`. */
export function countOutcome(fates: OutcomeCounts, fate: RequestOutcome): OutcomeCounts {
  return { ...fates, [fate]: fates[fate] + 1 }
}

/** Whether a server failed to send the complete response to a request that it had accepted. */
export function isLost(end: RequestEnd): boolean {
  return end === 'cut-off' || end === 'closed'
}

/**
 * Counts the clients' requests from a machine's trace; every number of requests on the page comes from here. Requests that a proxy forwards
 * are not counted twice.
 */
export class RequestLedger {
  #fates: OutcomeCounts = NO_OUTCOMES
  #sent = 0
  /** The requests in progress, by number: whether a process has accepted the request. */
  readonly #open = new Map<number, boolean>()
  readonly #inner = new Set<number>()
  readonly #failed = new Set<number>()

  take(event: TraceFact): void {
    switch (event.type) {
      case 'connected':
        if (event.via !== undefined) this.#inner.add(event.request)
        else {
          this.#sent += 1
          this.#open.set(event.request, false)
        }
        return
      case 'accepted':
        if (this.#open.has(event.request)) this.#open.set(event.request, true)
        return
      case 'head':
        if (event.status >= SERVER_ERROR && !this.#inner.has(event.request)) this.#failed.add(event.request)
        return
      case 'request-ended': {
        if (this.#inner.delete(event.request)) return
        // A request that was refused has no `connected` event.
        if (!this.#open.delete(event.request)) this.#sent += 1
        this.#fates = countOutcome(this.#fates, outcomeOf(event, this.#failed.delete(event.request)))
      }
    }
  }

  /** Requests that clients have sent, including those that were refused. */
  get sent(): number {
    return this.#sent
  }

  get fates(): OutcomeCounts {
    return this.#fates
  }

  /** Requests in progress. */
  get open(): number {
    return this.#open.size
  }

  /** Requests in progress that no process has accepted yet. */
  get waiting(): number {
    return [...this.#open.values()].filter((accepted) => !accepted).length
  }
}
