import type { Bind } from '../../manager/settings.ts'
import { LOOPBACK } from '../../machine/network/api.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { ScheduledEvent } from './queue.ts'
import type { AcceptingProcess } from './server.ts'

/** A connection that a worker keeps open. */
interface KeptConnection {
  readonly server: AcceptingProcess
  readonly due: ScheduledEvent | undefined
  readonly address: string
  readonly port: number
  /** The request in progress on it. */
  request: Connection | undefined
}

/** How long the news of a closed connection is on its way, in ms. */
const CLOSING = 0.2

/** The connections that workers keep open between requests (keep-alive), by the client's name for them. */
export class KeptConnections {
  readonly #clock: Clock
  readonly #kept = new Map<string, KeptConnection>()
  readonly #closing = new Set<string>()

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock
  }

  /** Whether a server has just closed it, so that its client does not know yet. */
  isClosing(name: string): boolean {
    return this.#closing.has(name)
  }

  /** Whether a server still keeps it open. */
  has(name: string): boolean {
    const kept = this.#kept.get(name)
    return kept !== undefined && carriesMore(kept.server)
  }

  /** How many connections of a server are idle. */
  idleOf(server: AcceptingProcess): number {
    return [...this.#kept.values()].filter((kept) => kept.server === server && kept.request === undefined)
      .length
  }

  /** Takes the open connection that a request names, unless it carries another request. */
  take(connection: Connection): KeptConnection | undefined {
    const kept = connection.keep === undefined ? undefined : this.#kept.get(connection.keep)
    if (kept === undefined || kept.request !== undefined || !carriesMore(kept.server)) return undefined
    kept.request = connection
    this.#clock.cancel(kept.due)
    return kept
  }

  /** A worker has responded: it keeps the connection for a while, unless the client has another one of that name. */
  keep({ keep, request }: Connection, server: AcceptingProcess): void {
    const { keepAlive: seconds, accepting, process } = server
    if (keep === undefined || seconds <= 0 || !accepting || !process.alive) return
    const before = this.#kept.get(keep)
    if (before !== undefined && (before.request !== undefined || carriesMore(before.server))) return
    this.#clock.cancel(before?.due)
    const close = (): void => {
      this.#kept.delete(keep)
      this.#closing.add(keep)
      this.#clock.after(CLOSING, () => void this.#closing.delete(keep))
    }
    const due = server.lingers === undefined ? this.#clock.after(seconds * 1000, close) : undefined
    this.#kept.set(keep, { server, request: undefined, due, address: LOOPBACK, port: request.port })
  }

  /** A request is over: its connection is closed, unless it is kept open again. */
  end(connection: Connection): void {
    const { keep } = connection
    if (keep !== undefined && this.#kept.get(keep)?.request === connection) this.#kept.delete(keep)
  }

  /** A server ended. @returns the requests on kept connections that it had not read yet */
  drop(server: AcceptingProcess): readonly Connection[] {
    const left: Connection[] = []
    for (const [name, kept] of this.#kept) {
      if (kept.server !== server) continue
      this.#clock.cancel(kept.due)
      this.#kept.delete(name)
      if (kept.request !== undefined) left.push(kept.request)
    }
    return left
  }
}

/** The key of a client's connection to an address. */
export function keptName(connection: number, bind: Bind): string {
  const to =
    bind.kind === 'tcp' ? `${bind.host}:${bind.port}` : bind.kind === 'unix' ? bind.path : String(bind.fd)
  return `${connection} ${to}`
}

function carriesMore({ process, accepting, lingers }: AcceptingProcess): boolean {
  return process.alive && (accepting || lingers?.() === true)
}
