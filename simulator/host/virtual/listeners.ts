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
  /** How many of them the trace knows of. */
  said: number
}

/** The listening sockets of the machine. */
export class Listeners {
  /** By address; a listener whose file was replaced or removed stays open, but nobody finds it. */
  readonly #open = new Map<string, Listener>()
  readonly #lost = new Set<Listener>()
  /** The files of unix sockets, which stay until somebody removes them. */
  readonly #files = new Set<string>()
  #nextPort = 40000

  /** Opens the addresses for `pid`, all or none. Port 0 gets a free one. `replacesFile`: a unix socket's old file is no obstacle. */
  bind(
    pid: number,
    binds: readonly Bind[],
    backlog: number,
    replacesFile = false,
  ): readonly Listener[] | { bind: Bind; error: BindError } {
    if (replacesFile) for (const bind of binds) if (bind.kind === 'unix') this.unlink(bind.path)
    for (const bind of binds) {
      const error = this.#objection(bind)
      if (error !== undefined) return { bind, error }
    }
    return binds.map((wanted) => {
      const bind = wanted.kind === 'tcp' && wanted.port === 0 ? { ...wanted, port: this.#nextPort++ } : wanted
      const listener: Listener = { bind, backlog, holders: new Set([pid]), waiting: [], said: 0 }
      this.#open.set(key(bind), listener)
      if (bind.kind === 'unix') this.#files.add(bind.path)
      return listener
    })
  }

  /** Removes the file of a unix socket: from now on nobody can connect to it. */
  unlink(path: string): void {
    const name = key({ kind: 'unix', path })
    const listener = this.#open.get(name)
    if (listener !== undefined) this.#lost.add(listener)
    this.#open.delete(name)
    this.#files.delete(path)
  }

  /** Whether the file of a unix socket is there. */
  hasFile(path: string): boolean {
    return this.#files.has(path)
  }

  #objection(bind: Bind): BindError | undefined {
    if (bind.kind === 'unix') return this.#files.has(bind.path) ? 'in-use' : undefined
    if (bind.kind === 'fd') return this.#open.has(key(bind)) ? 'in-use' : undefined
    if (bind.port < 0 || bind.port > 65535) return 'bad-port'
    if (!LOCAL_HOSTS.has(bind.host)) return /^[\d.:]+$/.test(bind.host) ? 'not-available' : 'no-such-host'
    return bind.port !== 0 && this.#open.has(key(bind)) ? 'in-use' : undefined
  }

  /** The socket that a client reaches at this address. */
  find(bind: Bind): Listener | undefined {
    return this.#open.get(key(bind))
  }

  /** A child has open what its parent has open. */
  inherit(parent: number, child: number): void {
    for (const listener of this.all()) if (listener.holders.has(parent)) listener.holders.add(child)
  }

  /** The sockets that `pid` has open. */
  heldBy(pid: number): readonly Listener[] {
    return this.all().filter((listener) => listener.holders.has(pid))
  }

  /** All sockets, one after the other. */
  *each(): Generator<Listener> {
    yield* this.#open.values()
    yield* this.#lost
  }

  /** All sockets. */
  all(): readonly Listener[] {
    return [...this.#open.values(), ...this.#lost]
  }

  /** `pid` closes its sockets; the answer are those that nobody has open any more. */
  release(pid: number): readonly Listener[] {
    const closed = this.all().filter(({ holders }) => holders.delete(pid) && holders.size === 0)
    for (const listener of closed) {
      if (!this.#lost.delete(listener)) this.#open.delete(key(listener.bind))
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
