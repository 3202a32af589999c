import type { Bind } from '../../manager/settings.ts'
import type { ClientRequest, ClientWatch } from '../../machine/system.ts'
import type { RequestEnd } from '../../machine/trace.ts'
import type { Connection } from './connection.ts'
import type { Kernel } from './kernel.ts'
import { Listeners, type Listener } from './listeners.ts'
import type { Process } from './process.ts'

/** Clients, their connections, and the sockets that these wait at. */
export class Network {
  readonly listeners = new Listeners()
  readonly #kernel: Kernel
  #nextRequest = 1

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  request(request: ClientRequest, watch: ClientWatch): number {
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
      headSent: false,
      status: 0,
      bytes: 0,
      said: '',
      ended: false,
      patience: undefined,
    }
    this.#kernel.record({
      type: 'connected',
      request: id,
      bind,
      method: request.method,
      target: request.target,
    })
    if (request.patience !== undefined) {
      connection.patience = this.#kernel.schedule(this.#kernel.now + request.patience, () =>
        this.#giveUp(connection),
      )
    }
    this.#kernel.schedule(this.#kernel.now + this.#kernel.chance.within([0.02, 0.2]), () =>
      this.#arrive(connection),
    )
    return id
  }

  #arrive(connection: Connection): void {
    if (connection.ended) return
    if (!this.#kernel.power.on) {
      // Nobody is there to answer, or to refuse.
      this.#kernel.schedule(this.#kernel.now + 1000, () => this.#arrive(connection))
      return
    }
    const listener = this.listeners.find(connection.bind)
    if (listener === undefined) return this.endConnection(connection, 'refused', undefined)
    if (listener.waiting.length >= listener.backlog) {
      // The kernel drops the SYN; the client's tries again after a second.
      this.#kernel.schedule(this.#kernel.now + 1000, () => this.#arrive(connection))
      return
    }
    listener.waiting.push(connection)
    this.#backlog(listener)
    this.offer(listener)
  }

  #backlog(listener: Listener): void {
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
      this.#backlog(listener)
      process.lastAccept = this.#kernel.now
      this.#kernel.workers.accept(process, connection)
    }
  }

  /** Who accepts next of those that can. */
  #acceptor(listener: Listener): Process | undefined {
    const able: Process[] = []
    for (const pid of listener.holders) {
      const process = this.#kernel.table.get(pid)
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
