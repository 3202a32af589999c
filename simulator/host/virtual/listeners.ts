import type { BindError } from '../../manager/machine.ts'
import type { Bind } from '../../manager/settings.ts'
import type { Connection } from './connection.ts'

/** A listening socket: connections wait in its backlog until one of its holders accepts. */
export interface Listener {
  readonly bind: Bind
  /** The container whose network it is in, if that is not the machine's. */
  readonly network: string | undefined
  /** The process that opened it. */
  readonly opener: number
  readonly backlog: number
  /** The processes that have it open: the one that bound it, and children that inherited it. */
  readonly holders: Set<number>
  readonly waiting: Connection[]
  /** The length of the backlog in the last event of the trace. */
  lastRecordedLength: number
  /** SO_REUSEPORT: other sockets with this option may bind the same port, each with its own backlog. */
  readonly reusePort: boolean
}

/** How addresses are bound. */
export interface BindOptions {
  /** An existing file of a unix socket is replaced. */
  readonly replacesFile?: boolean
  readonly reusePort?: boolean
  /** The lowest port that the process may bind (0). */
  readonly lowestPort?: number
  /** The container whose network the process has, if that is not the machine's. */
  readonly network?: string | undefined
}

/** The listening sockets of the machine. */
export class Listeners {
  /** By address. A listener whose file was replaced or removed stays open in `#lost`, but no client finds it. */
  readonly #open = new Map<string, Listener[]>()
  readonly #lost = new Set<Listener>()
  /** The files of unix sockets, which stay until they are removed. */
  readonly #files = new Set<string>()
  /** The sockets that processes are started with, by their descriptor. */
  readonly #passed = new Map<number, Listener>()
  #nextPort = 40000
  /** Whether something else than a process of the machine has a port: one that a container publishes. */
  readonly #taken: (port: number) => boolean

  constructor(taken: (port: number) => boolean = () => false) {
    this.#taken = taken
  }

  /** Binds the addresses for `pid`, all or none. Port 0 gets a free port. */
  bind(
    pid: number,
    binds: readonly Bind[],
    backlog: number,
    { replacesFile = false, reusePort = false, lowestPort = 0, network }: BindOptions = {},
  ): readonly Listener[] | { bind: Bind; error: BindError } {
    if (replacesFile) for (const bind of binds) if (bind.kind === 'unix') this.unlink(bind.path)
    for (const [index, bind] of binds.entries()) {
      const error =
        this.#objection(bind, { reusePort, lowestPort, network }) ??
        (again(binds, index, reusePort) ? 'in-use' : undefined)
      if (error !== undefined) return { bind, error }
    }
    return binds.map((wanted) => {
      const passed = wanted.kind === 'fd' ? this.#passed.get(wanted.fd) : undefined
      if (passed !== undefined) {
        passed.holders.add(pid)
        return passed
      }
      const bind =
        wanted.kind === 'tcp' && wanted.port === 0 ? { ...wanted, port: this.#freePort(network) } : wanted
      const listener: Listener = {
        bind,
        network,
        opener: pid,
        backlog,
        holders: new Set([pid]),
        waiting: [],
        lastRecordedLength: 0,
        reusePort,
      }
      this.#open.set(key(bind, network), [...this.#at(bind, network), listener])
      if (bind.kind === 'unix') this.#files.add(bind.path)
      return listener
    })
  }

  /** The process `pid` listens here, and the processes that it starts have the socket as this descriptor. */
  pass(pid: number, bind: Bind, backlog: number, fd: number): void {
    const opened = this.bind(pid, [bind], backlog)
    if ('error' in opened) throw new Error(`cannot listen to pass a socket: ${opened.error}`)
    for (const listener of opened) this.#passed.set(fd, listener)
  }

  #freePort(network: string | undefined): number {
    while (this.#open.has(key({ kind: 'tcp', host: '', port: this.#nextPort }, network))) this.#nextPort += 1
    return this.#nextPort++
  }

  /** Removes the file of a unix socket: no client can connect to it any more. */
  unlink(path: string): void {
    for (const listener of this.#at({ kind: 'unix', path })) this.#lost.add(listener)
    this.#open.delete(key({ kind: 'unix', path }))
    this.#files.delete(path)
  }

  /** Whether the file of a unix socket is there. */
  hasFile(path: string): boolean {
    return this.#files.has(path)
  }

  #at(bind: Bind, network?: string): readonly Listener[] {
    return this.#open.get(key(bind, network)) ?? []
  }

  #objection(
    bind: Bind,
    {
      reusePort,
      lowestPort,
      network,
    }: { reusePort: boolean; lowestPort: number; network: string | undefined },
  ): BindError | undefined {
    if (bind.kind === 'unix') return this.#files.has(bind.path) ? 'in-use' : undefined
    if (bind.kind === 'fd') return this.#open.has(key(bind)) ? 'in-use' : undefined
    if (bind.port < 0 || bind.port > 65535) return 'bad-port'
    if (!LOCAL_HOSTS.has(bind.host)) return /^[\d.:]+$/.test(bind.host) ? 'not-available' : 'no-such-host'
    if (bind.port !== 0 && bind.port < lowestPort) return 'not-permitted'
    if (bind.port === 0) return undefined
    if (network === undefined && this.#taken(bind.port)) return 'in-use'
    const there = this.#at(bind, network)
    const shared = reusePort && there.every((each) => each.reusePort)
    return there.length > 0 && !shared ? 'in-use' : undefined
  }

  /**
   * The socket that a client of this address reaches. Among several (SO_REUSEPORT) Linux chooses by a hash of the connection's addresses
   * and ports, however busy their processes are. `hash` (0 to 1) is called only then.
   */
  find(bind: Bind, hash: () => number = () => 0, network?: string): Listener | undefined {
    const sockets = this.#at(bind, network)
    return sockets.length > 1 ? sockets[Math.floor(hash() * sockets.length)] : sockets[0]
  }

  /** A child inherits the sockets of its parent. */
  inherit(parent: number, child: number): void {
    for (const listener of this.all()) if (listener.holders.has(parent)) listener.holders.add(child)
  }

  /** The sockets that `pid` has open. */
  heldBy(pid: number): readonly Listener[] {
    return this.all().filter((listener) => listener.holders.has(pid))
  }

  /** All sockets, one after the other. */
  *each(): Generator<Listener> {
    for (const sockets of this.#open.values()) yield* sockets
    yield* this.#lost
  }

  /** All sockets. */
  all(): readonly Listener[] {
    return [...this.each()]
  }

  /** Closes the sockets of `pid`. @returns those that no process has open any more */
  release(pid: number): readonly Listener[] {
    const closed = this.all().filter(({ holders }) => holders.delete(pid) && holders.size === 0)
    for (const listener of closed) {
      if (!this.#lost.delete(listener)) this.#close(listener)
    }
    return closed
  }

  #close(listener: Listener): void {
    const { bind, network } = listener
    const left = this.#at(bind, network).filter((each) => each !== listener)
    if (left.length > 0) this.#open.set(key(bind, network), left)
    else this.#open.delete(key(bind, network))
  }
}

/** The addresses of the simulated machine. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', 'localhost', '::', '::1', ''])

/** Whether a list names an address twice, which only SO_REUSEPORT allows. */
function again(binds: readonly Bind[], index: number, reusePort: boolean): boolean {
  const bind = binds[index]
  if (bind === undefined || (bind.kind === 'tcp' && (bind.port === 0 || reusePort))) return false
  return binds.slice(0, index).some((each) => key(each) === key(bind))
}

/** Ports are those of a network; files and descriptors are the machine's. */
function key(bind: Bind, network?: string): string {
  switch (bind.kind) {
    case 'tcp':
      return network === undefined ? String(bind.port) : `${network}:${bind.port}`
    case 'unix':
      return `unix:${bind.path}`
    case 'fd':
      return `fd:${bind.fd}`
  }
}
