import type { Bind } from '../../manager/settings.ts'
import type { ClientRequest, ClientWatch } from '../../machine/system.ts'
import type { RequestEnd } from '../../machine/trace.ts'
import type { Connection } from './connection.ts'
import type { Kernel } from './kernel.ts'
import { Listeners, type Listener } from './listeners.ts'
import { LOOPBACK } from '../../machine/network/api.ts'
import { isAddress, isOwn } from './names.ts'
import type { Process } from './process.ts'
import type { Due } from './queue.ts'

/** A connection between two requests. */
interface Kept {
  readonly pid: number
  readonly due: Due
  readonly address: string
  readonly port: number
  busy: boolean
}

function keyOf(bind: Bind): string {
  return bind.kind === 'tcp'
    ? `${bind.host}:${bind.port}`
    : bind.kind === 'unix'
      ? bind.path
      : String(bind.fd)
}

/** Clients, their connections, and the sockets that these wait at. */
export class Network {
  readonly listeners = new Listeners()
  readonly #kernel: Kernel
  readonly #open = new Map<number, Connection>()
  /** Connections that workers keep open between requests, by the client's name for them. */
  readonly #kept = new Map<string, Kept>()
  #nextRequest = 1

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** `via`: a proxy makes it of that request. */
  request(request: ClientRequest, watch: ClientWatch, via?: number): number {
    const id = this.#nextRequest++
    const { host, socket } = request
    const bind: Bind =
      socket === undefined ? { kind: 'tcp', host, port: request.port } : { kind: 'unix', path: socket }
    const port = 40000 + Math.floor(this.#kernel.chance.next() * 20000)
    const connection: Connection = {
      id,
      request,
      watch,
      bind,
      port,
      client: request.from ?? LOOPBACK,
      clientPort: undefined,
      headSent: false,
      status: 0,
      bytes: 0,
      said: '',
      ended: false,
      patience: undefined,
      inner: undefined,
      keep: request.connection === undefined ? undefined : `${request.connection} ${keyOf(bind)}`,
    }
    this.#open.set(id, connection)
    this.#kernel.record({
      type: 'connected',
      request: id,
      bind,
      method: request.method,
      target: request.target,
      ...(via === undefined ? {} : { via }),
    })
    if (request.patience !== undefined) {
      connection.patience = this.#kernel.schedule(this.#kernel.now + request.patience, () =>
        this.#giveUp(connection),
      )
    }
    if (this.#reuse(connection)) return id
    if (socket === undefined && host !== 'localhost' && !isAddress(host)) this.#resolve(connection)
    else this.#connect(connection, host === 'localhost' ? '127.0.0.1' : host)
    return id
  }

  /** The client asks the name server. */
  #resolve(connection: Connection): void {
    const { id, request, watch } = connection
    const kernel = this.#kernel
    kernel.schedule(kernel.now + kernel.chance.within([1, 20]), () => {
      if (connection.ended) return
      const address = kernel.dns.resolve(request.host)
      kernel.record({ type: 'dns', request: id, name: request.host, address })
      watch.onAddress?.(address)
      if (address === undefined) return this.endConnection(connection, 'no-such-host', undefined)
      this.#connect(connection, address)
    })
  }

  #connect(connection: Connection, address: string): void {
    const { request, id } = connection
    const { port, from, socket } = request
    if (request.secure === true || from !== undefined || address !== request.host) {
      this.#kernel.record({ type: 'tcp', request: id, from: from ?? LOOPBACK, address, port })
    }
    // Another machine: nobody there is modelled.
    const there = socket !== undefined || isOwn(address) || address === ''
    const way =
      from === undefined ? this.#kernel.chance.within([0.02, 0.2]) : this.#kernel.chance.within([8, 30])
    this.#kernel.schedule(this.#kernel.now + way, () => {
      if (there) return this.#arrive(connection)
      this.endConnection(connection, 'refused', undefined)
    })
  }

  /** A connection that a worker has kept open carries one more request, to the same worker, whatever it is doing. */
  #reuse(connection: Connection): boolean {
    const kept = connection.keep === undefined ? undefined : this.#kept.get(connection.keep)
    const process = kept === undefined ? undefined : this.#kernel.table.get(kept.pid)
    if (kept === undefined || kept.busy || process?.alive !== true || !process.accepting) return false
    kept.busy = true
    this.#kernel.cancel(kept.due)
    const { port, address } = kept
    connection.watch.onConnect?.({ address, port, reused: true })
    this.#kernel.record({
      type: 'kept-alive',
      request: connection.id,
      pid: process.pid,
      connection: connection.request.connection ?? 0,
    })
    this.#kernel.schedule(this.#kernel.now + this.#kernel.chance.within([0.02, 0.2]), () =>
      this.#kernel.threads.deliver(process, () => {
        if (!connection.ended) this.#kernel.workers.accept(process, connection)
      }),
    )
    return true
  }

  /** A worker has answered: it keeps the connection for a while. */
  #keep(connection: Connection, process: Process): void {
    const seconds = process.worker?.birth.settings.keepAlive ?? 0
    const { keep, request } = connection
    if (keep === undefined || seconds <= 0 || !process.accepting || !process.alive) return
    const due = this.#kernel.schedule(this.#kernel.now + seconds * 1000, () => {
      this.#kept.delete(keep)
    })
    this.#kept.set(keep, { pid: process.pid, busy: false, due, address: LOOPBACK, port: request.port })
  }

  #arrive(connection: Connection): void {
    if (connection.ended) return
    if (!this.#kernel.power.on) {
      // Nobody is there to answer, or to refuse.
      this.#kernel.schedule(this.#kernel.now + 1000, () => this.#arrive(connection))
      return
    }
    const listener = this.listeners.find(connection.bind, () => this.#kernel.chance.next())
    if (listener === undefined) return this.endConnection(connection, 'refused', undefined)
    const { request, watch } = connection
    watch.onConnect?.({ address: LOOPBACK, port: request.port, reused: false })
    if (listener.waiting.length >= listener.backlog) {
      // The kernel drops the SYN; the client's tries again after a second.
      this.#kernel.schedule(this.#kernel.now + 1000, () => this.#arrive(connection))
      return
    }
    listener.waiting.push(connection)
    this.offer(listener)
    this.#backlog(listener)
  }

  /** Says how many wait, when that is not what was said the last time: who is accepted at once has not waited. */
  #backlog(listener: Listener): void {
    if (listener.said === listener.waiting.length) return
    listener.said = listener.waiting.length
    this.#kernel.record({ type: 'backlog', bind: listener.bind, waiting: listener.waiting.length })
  }

  offerAll(): void {
    for (const listener of this.listeners.all()) this.offer(listener)
  }

  /** A process listens again: what waits at its sockets is offered. */
  offerTo(process: Process): void {
    if (!process.accepting || !process.alive) return
    for (const listener of this.listeners.each()) {
      if (listener.waiting.length > 0 && listener.holders.has(process.pid)) this.offer(listener)
    }
  }

  /**
   * Whoever listens and rests may accept; nobody hands out. Linux wakes the process that began to wait last first,
   * so the split is uneven, and the more so the less there is to do.
   */
  offer(listener: Listener): void {
    while (listener.waiting.length > 0) {
      const process = this.#acceptor(listener)
      if (process === undefined) return
      const connection = listener.waiting.shift()
      if (connection === undefined) return
      if (listener.said > listener.waiting.length) this.#backlog(listener)
      process.lastAccept = this.#kernel.now
      if (process.kind === 'proxy') this.#kernel.proxy.take(process, connection)
      else this.#kernel.workers.accept(process, connection)
    }
  }

  /** Who accepts next of those that can. */
  #acceptor(listener: Listener): Process | undefined {
    const able: Process[] = []
    for (const pid of listener.holders) {
      const process = this.#kernel.table.get(pid)
      if (process?.kind === 'proxy' && process.alive && !process.frozen) return process
      if (process?.accepting !== true || !process.alive || process.frozen || process.waitsForDisk > 0)
        continue
      if (!this.#kernel.threads.isBusy(process)) able.push(process)
    }
    const luck = this.#kernel.chance.next()
    if (able.length > 1) able.sort((a, b) => b.lastAccept - a.lastAccept || a.pid - b.pid)
    return able[Math.floor(luck * luck * able.length)]
  }

  closeListeners(pid: number): void {
    for (const listener of this.listeners.release(pid)) {
      if (this.listeners.find(listener.bind) === undefined)
        this.#kernel.record({ type: 'listener-closed', bind: listener.bind })
      for (const connection of listener.waiting.splice(0)) this.endConnection(connection, 'closed', undefined)
    }
  }

  #giveUp(connection: Connection): void {
    if (connection.ended) return
    for (const listener of this.listeners.all()) {
      const index = listener.waiting.indexOf(connection)
      if (index >= 0) {
        listener.waiting.splice(index, 1)
        this.#backlog(listener)
      }
    }
    const process = [...this.#kernel.table.values()].find((each) => each.connections.has(connection.id))
    this.endConnection(connection, 'gave-up', process)
    if (process !== undefined) {
      void this.#kernel.threads.deliver(process, () =>
        this.#kernel.threads.turn(process, { type: 'client-gone', id: connection.id }),
      )
    }
  }

  endConnection(connection: Connection, end: RequestEnd, process: Process | undefined): void {
    if (connection.ended) return
    connection.ended = true
    this.#open.delete(connection.id)
    const inner = connection.inner === undefined ? undefined : this.#open.get(connection.inner)
    if (inner !== undefined) this.#giveUp(inner)
    if (connection.keep !== undefined) this.#kept.delete(connection.keep)
    if (end === 'answered' && process !== undefined) this.#keep(connection, process)
    this.#kernel.cancel(connection.patience)
    const { id, said } = connection
    this.#kernel.record({
      type: 'request-ended',
      request: id,
      pid: process?.pid,
      end,
      ...(said === '' ? {} : { answer: said }),
    })
    if (process?.connections.delete(connection.id) === true && process.alive && process.draining) {
      this.#kernel.workers.take(process, { type: 'open', connections: process.connections.size })
    }
    connection.watch.onEnd(end, process?.pid)
  }
}
