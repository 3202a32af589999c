import type { Bind } from '../../manager/settings.ts'
import { LOOPBACK } from '../../machine/network/api.ts'
import type { ClientRequest, ClientCallbacks } from '../../machine/system.ts'
import type { RequestEnd } from '../../machine/trace.ts'
import { listenerOf, locate } from './addresses.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import { isWebSocket, type Connection } from './connection.ts'
import { keptName, KeptConnections } from './kept-connections.ts'
import { Listeners, type Listener } from './listeners.ts'
import type { ContainerNetworks } from './container-networks.ts'
import type { MainThreads } from './main-threads.ts'
import { isAddress, type DnsRecords } from './dns.ts'
import type { Process } from './process.ts'
import type { AcceptingProcess, AcceptOptions } from './server.ts'
import type { Trace } from './trace.ts'

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly threads: MainThreads
  readonly dns: DnsRecords
  /** Whether the machine has power. */
  readonly power: { readonly on: boolean }
  readonly containers: ContainerNetworks
}

/** Clients, their connections, and the sockets in whose backlogs they wait. */
export class Network {
  readonly listeners: Listeners
  readonly #parts: Dependencies
  readonly #open = new Map<number, Connection>()
  readonly #servers = new Map<number, AcceptingProcess>()
  readonly #kept: KeptConnections
  #nextRequest = 1

  constructor(parts: Dependencies) {
    this.#parts = parts
    this.#kept = new KeptConnections(parts)
    this.listeners = new Listeners((port) => parts.containers.published(port) !== undefined)
  }

  // Servers

  /** Makes a process a server. It accepts connections once `accepting` is set. */
  serve(process: Process, serving: AcceptOptions): AcceptingProcess {
    const server: AcceptingProcess = {
      ...serving,
      process,
      accepting: false,
      lastAccept: 0,
      connections: new Map(),
    }
    this.#servers.set(process.pid, server)
    return server
  }

  /** A process ended: its sockets and connections are closed. */
  ended(process: Process): void {
    const server = this.#servers.get(process.pid)
    if (server !== undefined) {
      this.cut(server)
      for (const connection of this.#kept.drop(server)) this.endConnection(connection, 'closed', server)
    }
    this.#servers.delete(process.pid)
    this.closeListeners(process.pid)
  }

  /** Breaks all connections of a server. */
  cut(server: AcceptingProcess): void {
    for (const connection of [...server.connections.values()])
      this.endConnection(connection, connection.headSent ? 'cut-off' : 'closed', server)
  }

  /** Closes the WebSockets of a server with a code. */
  closeWebSockets(server: AcceptingProcess, code: number): void {
    for (const connection of [...server.connections.values()].filter(isWebSocket)) {
      connection.callbacks.onClose?.(code)
      this.endConnection(connection, 'answered', server)
      this.#tellGone(connection, server)
    }
  }

  closeListeners(pid: number): void {
    for (const listener of this.listeners.release(pid)) {
      this.#parts.trace.record({ type: 'listener-closed', pid: listener.opener, bind: listener.bind })
      for (const connection of listener.waiting.splice(0)) this.endConnection(connection, 'closed', undefined)
    }
  }

  // Clients

  /** Connects and sends a request; `via` is the number of the client's request that a proxy forwards. */
  request(request: ClientRequest, callbacks: ClientCallbacks, via?: number): number {
    const { chance, clock, trace } = this.#parts
    const id = this.#nextRequest++
    const { host, socket } = request
    const bind: Bind =
      socket === undefined ? { kind: 'tcp', host, port: request.port } : { kind: 'unix', path: socket }
    const port = 40000 + Math.floor(chance.next() * 20000)
    const connection: Connection = {
      id,
      request,
      callbacks,
      bind,
      network: request.network,
      port,
      client: request.from ?? LOOPBACK,
      clientPort: undefined,
      headSent: false,
      status: 0,
      bytes: 0,
      bodyStart: '',
      ended: false,
      patience: undefined,
      inner: undefined,
      keep: request.connection === undefined ? undefined : keptName(request.connection, bind),
    }
    this.#open.set(id, connection)
    trace.record({
      type: 'connected',
      request: id,
      bind,
      method: request.method,
      target: request.target,
      ...(via === undefined ? {} : { via }),
    })
    if (request.patience !== undefined)
      connection.patience = clock.after(request.patience, () => this.#giveUp(connection))
    if (this.#reuse(connection)) return id
    // Clients try again by themselves in that case; a proxy decides what to do.
    if (via !== undefined && connection.keep !== undefined && this.#kept.isClosing(connection.keep)) {
      callbacks.onConnect?.({ address: LOOPBACK, port: request.port, reused: true })
      clock.after(chance.within([0.02, 0.2]), () => this.endConnection(connection, 'closed', undefined))
      return id
    }
    if (socket === undefined && host !== 'localhost' && !isAddress(host)) this.#resolve(connection)
    else this.#connect(connection, host === 'localhost' ? '127.0.0.1' : host)
    return id
  }

  /** The client asks the name server. */
  #resolve(connection: Connection): void {
    const { id, request, callbacks } = connection
    const { chance, clock, containers, dns, trace } = this.#parts
    clock.after(chance.within([1, 20]), () => {
      if (connection.ended) return
      const address = containers.resolve(request.host, request.network) ?? dns.resolve(request.host)
      trace.record({ type: 'dns', request: id, name: request.host, address })
      callbacks.onAddress?.(address)
      if (address === undefined) return this.endConnection(connection, 'no-such-host', undefined)
      this.#connect(connection, address)
    })
  }

  #connect(connection: Connection, address: string): void {
    const { request, id } = connection
    const { port, from, socket } = request
    const { chance, clock, trace } = this.#parts
    if (request.secure === true || from !== undefined || address !== request.host)
      trace.record({ type: 'tcp', request: id, from: from ?? LOOPBACK, address, port })
    // Other machines are not simulated: connections to them are refused.
    const there = socket !== undefined || locate(connection, address, this.#parts.containers)
    clock.after(from === undefined ? chance.within([0.02, 0.2]) : chance.within([8, 30]), () => {
      if (there) return this.#arrive(connection)
      this.endConnection(connection, 'refused', undefined)
    })
  }

  #arrive(connection: Connection): void {
    if (connection.ended) return
    const { clock, power } = this.#parts
    if (!power.on) {
      // The machine is off: it neither answers nor refuses.
      clock.after(1000, () => this.#arrive(connection))
      return
    }
    const listener = listenerOf(connection, { ...this.#parts, listeners: this.listeners })
    if (listener === undefined) return this.endConnection(connection, 'refused', undefined)
    const { request, callbacks } = connection
    if (listener !== 'closed' && listener.waiting.length >= listener.backlog) {
      // The backlog is full: the kernel drops the SYN, and the client's kernel tries again after a second.
      clock.after(1000, () => this.#arrive(connection))
      return
    }
    callbacks.onConnect?.({ address: LOOPBACK, port: request.port, reused: false })
    if (listener === 'closed') return this.endConnection(connection, 'closed', undefined)
    listener.waiting.push(connection)
    this.#offer(listener)
    this.#sayBacklog(listener)
  }

  /** The client sends a message over its open WebSocket. */
  say(id: number, text: string): void {
    const connection = this.#open.get(id)
    if (connection === undefined || !isWebSocket(connection)) return
    const { chance, clock, threads } = this.#parts
    clock.after(chance.within([0.02, 0.2]), () => {
      const server = this.#serverOf(connection)
      if (server === undefined) return
      const message = { type: 'socket-message', id, text } as const
      void threads.deliver(server.process, () => threads.turn(server.process, message))
    })
  }

  /** The client closes its WebSocket. @returns whether the server has closed its side too */
  hangUp(id: number): boolean {
    const connection = this.#open.get(id)
    const server = connection === undefined ? undefined : this.#serverOf(connection)
    if (connection === undefined || server === undefined) return false
    this.#tellGone(connection, server)
    if (server.lingers !== undefined) return false
    this.endConnection(connection, 'answered', server)
    return true
  }

  #serverOf({ id }: Connection): AcceptingProcess | undefined {
    return [...this.#servers.values()].find(({ connections }) => connections.has(id))
  }

  #tellGone({ id }: Connection, { process }: AcceptingProcess): void {
    const { threads } = this.#parts
    void threads.deliver(process, () => threads.turn(process, { type: 'client-gone', id }))
  }

  /** The client of a request closes its connection. */
  abandon(id: number): void {
    const connection = this.#open.get(id)
    if (connection !== undefined) this.#giveUp(connection)
  }

  #giveUp(connection: Connection): void {
    if (connection.ended) return
    for (const listener of this.listeners.all()) {
      const index = listener.waiting.indexOf(connection)
      if (index >= 0) {
        listener.waiting.splice(index, 1)
        this.#sayBacklog(listener)
      }
    }
    const server = this.#serverOf(connection)
    this.endConnection(connection, 'gave-up', server)
    if (server !== undefined) this.#tellGone(connection, server)
  }

  // Keep-alive

  /** Whether the server still keeps a client's connection open, by the client's name for it. */
  isKept(connection: number, bind: Bind): boolean {
    return this.#kept.has(keptName(connection, bind))
  }

  /** The number of a server's connections that it waits for when it stops. */
  openOf(server: AcceptingProcess): number {
    const { size } = server.connections
    return server.lingers === undefined ? size : size + this.#kept.idleOf(server)
  }

  /** Sends the request over a connection that a worker has kept open, so to the same worker, however busy it is. */
  #reuse(connection: Connection): boolean {
    const kept = this.#kept.take(connection)
    if (kept === undefined) return false
    const { chance, clock, threads, trace } = this.#parts
    const { port, address, server } = kept
    const { process } = server
    connection.callbacks.onConnect?.({ address, port, reused: true })
    trace.record({
      type: 'kept-alive',
      request: connection.id,
      pid: process.pid,
      connection: connection.request.connection ?? 0,
    })
    clock.after(chance.within([0.02, 0.2]), () =>
      threads.deliver(process, () => {
        if (connection.ended) return
        threads.first(process, () => this.#acceptOne(server))
        server.onConnection(connection)
      }),
    )
    return true
  }

  // Accepting

  /** Records the length of the backlog in the trace when it has changed. A connection that is accepted at once did not wait. */
  #sayBacklog(listener: Listener): void {
    if (listener.lastRecordedLength === listener.waiting.length) return
    listener.lastRecordedLength = listener.waiting.length
    const { bind, opener, waiting } = listener
    this.#parts.trace.record({ type: 'backlog', pid: opener, bind, waiting: waiting.length })
  }

  /** A server has begun to accept: it is offered the connections that wait in the backlogs. */
  offerAll(): void {
    for (const listener of this.listeners.all()) this.#offer(listener)
  }

  /** A process is idle: it is offered the connections in its sockets' backlogs. */
  offerTo(process: Process): void {
    const server = this.#servers.get(process.pid)
    if (!process.alive || (server?.always ?? server?.accepting) !== true) return
    for (const listener of this.listeners.each()) {
      if (listener.waiting.length > 0 && listener.holders.has(process.pid)) this.#offer(listener)
    }
  }

  /**
   * An event loop alternates between readable sockets: between two requests of kept connections it accepts one connection from the backlog,
   * even if it is never idle.
   */
  #acceptOne(server: AcceptingProcess): void {
    if (!server.accepting) return
    for (const listener of this.listeners.each()) {
      if (listener.waiting.length === 0 || !listener.holders.has(server.process.pid)) continue
      return this.#take(listener, server)
    }
  }

  #take(listener: Listener, server: AcceptingProcess): void {
    const connection = listener.waiting.shift()
    if (connection === undefined) return
    if (listener.lastRecordedLength > listener.waiting.length) this.#sayBacklog(listener)
    server.lastAccept = this.#parts.clock.now
    server.onConnection(connection)
  }

  /**
   * Idle servers accept by themselves; nothing distributes connections. Linux first wakes the process that began to wait last, so the
   * distribution is uneven, and the more so the lower the load.
   */
  #offer(listener: Listener): void {
    while (listener.waiting.length > 0) {
      const server = this.#acceptor(listener)
      if (server === undefined) return
      this.#take(listener, server)
    }
  }

  /** The idle server that accepts next. */
  #acceptor(listener: Listener): AcceptingProcess | undefined {
    const able: AcceptingProcess[] = []
    for (const pid of listener.holders) {
      const server = this.#servers.get(pid)
      if (server === undefined) continue
      const { process, always, accepting } = server
      if (!process.alive || process.frozen) continue
      if (always === true) return server
      if (accepting && process.waitsForDisk === 0 && !this.#parts.threads.isBusy(process)) able.push(server)
    }
    const luck = this.#parts.chance.next()
    if (able.length > 1) able.sort((a, b) => b.lastAccept - a.lastAccept || a.process.pid - b.process.pid)
    return able[Math.floor(luck * luck * able.length)]
  }

  /** Ends a client's request; `server` is the process that has accepted it, if one has. */
  endConnection(connection: Connection, end: RequestEnd, server: AcceptingProcess | undefined): void {
    if (connection.ended) return
    connection.ended = true
    this.#open.delete(connection.id)
    const inner = connection.inner === undefined ? undefined : this.#open.get(connection.inner)
    if (inner !== undefined) this.#giveUp(inner)
    this.#kept.end(connection)
    if (end === 'answered' && server !== undefined) this.#kept.keep(connection, server)
    this.#parts.clock.cancel(connection.patience)
    const { id, bodyStart } = connection
    const pid = server?.process.pid
    this.#parts.trace.record({
      type: 'request-ended',
      request: id,
      pid,
      end,
      ...(bodyStart === '' ? {} : { answer: bodyStart }),
    })
    if (server?.connections.delete(id) === true && server.process.alive) server.closed?.(this.openOf(server))
    connection.callbacks.onEnd(end, pid)
  }
}
