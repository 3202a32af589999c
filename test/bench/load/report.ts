/** The task of the load client. It ends after `seconds`, or earlier when it is told. */
export interface LoadOrder {
  readonly port: number
  readonly path: string
  readonly connections: number
  /** One connection for many requests, or a new one for each. */
  readonly keepAlive: boolean
  readonly seconds: number
}

/** A request without a complete response of status 200. */
export interface LoadFailure {
  /** The process that answered on this connection before, if any. */
  readonly pid: number | undefined
  /** `ECONNREFUSED`, `ECONNRESET`, `closed`, `status 502`. */
  readonly reason: string
  /** Seconds after the beginning. */
  readonly at: number
}

/** What became of all requests. */
export interface LoadReport {
  readonly answered: number
  readonly failed: number
  readonly seconds: number
  /** The first thousand of them. */
  readonly failures: readonly LoadFailure[]
  /** Responses by process. The bench's applications send their PID. */
  readonly byPid: Readonly<Record<string, number>>
  /** The longest time that a request took, in ms. */
  readonly slowestMs: number
}

/** The client's messages, while it runs and at its end. */
export type LoadMessage = { readonly answered: number } | { readonly report: LoadReport }
