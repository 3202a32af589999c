import type { BindError } from '../../manager/machine.ts'
import type { Bind } from '../../manager/settings.ts'
import type { Connection } from './connection.ts'

/** A listening socket: connections wait in its backlog until one of its holders accepts. */
export interface Listener {
  readonly bind: Bind
  readonly backlog: number
  /** The processes that have it open: who bound it, and every child that inherited it. */
  readonly holders: Set<number>
  readonly waiting: Connection[]
}

/** The listening sockets of the machine. */
export class Listeners {
  readonly #open = new Map<string, Listener>()
  #nextPort = 40000

  /** Opens the addresses for `pid`, all or none. Port 0 gets a free one. */
  bind(
    pid: number,
    binds: readonly Bind[],
    backlog: number,
  ): readonly Listener[] | { bind: Bind; error: BindError } {
    for (const bind of binds) {
      const error = this.#objection(bind)
      if (error !== undefined) return { bind, error }
    }
    return binds.map((wanted) => {
      const bind = wanted.kind === 'tcp' && wanted.port === 0 ? { ...wanted, port: this.#nextPort++ } : wanted
      const listener: Listener = { bind, backlog, holders: new Set([pid]), waiting: [] }
      this.#open.set(key(bind), listener)
      return listener
    })
  }

  #objection(bind: Bind): BindError | undefined {
    if (bind.kind !== 'tcp') return this.#open.has(key(bind)) ? 'in-use' : undefined
    if (bind.port < 0 || bind.port > 65535) return 'bad-port'
    if (!LOCAL_HOSTS.has(bind.host)) return /^[\d.:]+$/.test(bind.host) ? 'not-available' : 'no-such-host'
    return bind.port !== 0 && this.#open.has(key(bind)) ? 'in-use' : undefined
  }

  /** The socket that a client reaches under this port. */
  find(port: number): Listener | undefined {
    return this.#open.get(String(port))
  }

  /** A child has open what its parent has open. */
  inherit(parent: number, child: number): void {
    for (const listener of this.#open.values()) if (listener.holders.has(parent)) listener.holders.add(child)
  }

  /** The sockets that `pid` has open. */
  heldBy(pid: number): readonly Listener[] {
    return [...this.#open.values()].filter((listener) => listener.holders.has(pid))
  }

  /** All sockets. */
  all(): readonly Listener[] {
    return [...this.#open.values()]
  }

  /** `pid` closes its sockets; the answer are those that nobody has open any more. */
  release(pid: number): readonly Listener[] {
    const closed: Listener[] = []
    for (const [name, listener] of this.#open) {
      if (!listener.holders.delete(pid) || listener.holders.size > 0) continue
      this.#open.delete(name)
      closed.push(listener)
    }
    return closed
  }
}

/** The addresses of the simulated machine. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', 'localhost', '::', '::1', ''])

function key(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return String(bind.port)
    case 'unix':
      return `unix:${bind.path}`
    case 'fd':
      return `fd:${bind.fd}`
  }
}
