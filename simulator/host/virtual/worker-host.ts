import type { AppError } from '../../manager/machine.ts'
import type { WorkerBirth, WorkerEffect, WorkerEvent } from '../../worker/life.ts'
import { newWorker, stepWorker } from '../../worker/worker.ts'
import type { Connection } from './connection.ts'
import type { GuestAct } from './guest.ts'
import { makeGuest } from './import-app.ts'
import type { Kernel, WithoutAt } from './kernel.ts'
import type { Process } from './process.ts'

const WORKER_MEMORY = 38_000_000

/** Gives a worker its events, carries out what it wants, and passes on what its application does. */
export class WorkerHost {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** A child process: an interpreter boots (or a copy goes on), then the worker's life begins. */
  begin(process: Process, birth: WorkerBirth): void {
    const { profile, now } = this.#kernel
    process.worker = newWorker(birth)
    const { program } = birth.settings.speaks
    const boot = this.#kernel.draw(birth.role === 'forked' ? profile.fork : profile.spawn[program])
    process.pongFrom = now + boot * 0.6
    this.#kernel.schedule(now + boot, () =>
      this.#kernel.threads.deliver(process, () => this.take(process, { type: 'start' })),
    )
  }

  /** The manager's own process becomes the server. */
  beginAlone(process: Process, birth: WorkerBirth): void {
    process.worker = newWorker(birth)
    this.take(process, { type: 'start' })
  }

  take(process: Process, event: WithoutAt<WorkerEvent>): void {
    if (process.worker === undefined || !process.alive) return
    const before = process.worker.phase
    const { state, effects } = stepWorker(process.worker, { ...event, at: this.#kernel.now })
    process.worker = state
    if (state.phase !== before) this.#kernel.record({ type: 'phase', pid: process.pid, phase: state.phase })
    for (const effect of effects) this.#do(process, effect)
  }

  #do(process: Process, effect: WorkerEffect): void {
    const kernel = this.#kernel
    switch (effect.type) {
      case 'log':
        return kernel.log(process, effect.record)
      case 'import':
        kernel.threads.occupy(process, kernel.draw(kernel.profile.import))
        process.inbox.push(() => this.#import(process))
        return
      case 'startup':
        process.inbox.push(() => kernel.threads.turn(process, { type: 'startup' }))
        return this.#soon(process)
      case 'shutdown':
        process.inbox.push(() => kernel.threads.turn(process, { type: 'shutdown' }))
        return this.#soon(process)
      case 'bind':
        return this.#bind(process, effect)
      case 'accept':
        process.accepting = true
        return kernel.network.offerAll()
      case 'ready':
        return kernel.tellManager(process, { type: 'ready', pid: process.pid })
      case 'heartbeat':
        return kernel.tellManager(process, { type: 'heartbeat', pid: process.pid })
      case 'drain':
        process.accepting = false
        process.draining = true
        kernel.network.closeListeners(process.pid)
        return this.take(process, { type: 'open', connections: process.connections.size })
      case 'cut':
        for (const connection of [...process.connections.values()]) {
          kernel.network.endConnection(connection, connection.headSent ? 'cut-off' : 'closed', process)
        }
        return
      case 'timer':
        kernel.cancel(process.timer)
        process.timer = kernel.schedule(kernel.now + effect.ms, () =>
          kernel.threads.deliver(process, () => this.take(process, { type: 'timer' })),
        )
        return
      case 'exit':
        return kernel.leave(process, { code: effect.code }, kernel.leaveTime())
      case 'raise':
        return kernel.leave(process, { signal: effect.signal }, kernel.chance.within([1, 15]))
    }
  }

  #soon(process: Process): void {
    this.#kernel.schedule(this.#kernel.now, () => this.#kernel.threads.drain(process))
  }

  #import(process: Process): void | Promise<void> {
    const settings = process.worker?.birth.settings
    if (settings === undefined) return
    const { app } = settings
    if (app.attribute === '') return this.#failed(process, { kind: 'bad-import-string', typed: app.typed })
    const guest = settings.appDir === undefined ? makeGuest(this.#kernel, process, app) : undefined
    if (guest === undefined) return this.#failed(process, { kind: 'no-module', module: app.module })
    process.guest = guest
    return this.#kernel.threads.turn(process, { type: 'import' })
  }

  #failed(process: Process, error: AppError): void {
    this.take(process, { type: 'import-failed', error })
  }

  #bind(process: Process, effect: WorkerEffect & { type: 'bind' }): void {
    const bound = this.#kernel.network.listeners.bind(process.pid, effect.binds, effect.backlog)
    if ('error' in bound) return this.take(process, { type: 'bind-failed', ...bound })
    for (const { bind } of bound) this.#kernel.record({ type: 'listening', pid: process.pid, bind })
    this.take(process, { type: 'bound', binds: bound.map(({ bind }) => bind) })
  }

  /** A worker takes a connection off the backlog for itself. */
  accept(process: Process, connection: Connection): void {
    const kernel = this.#kernel
    kernel.record({ type: 'accepted', request: connection.id, pid: process.pid })
    process.connections.set(connection.id, connection)
    kernel.threads.occupy(process, kernel.chance.within(kernel.profile.handling))
    const { method, target, headers = {}, body } = connection.request
    const request = { id: connection.id, method, target, headers, ...(body === undefined ? {} : { body }) }
    process.inbox.push(() =>
      connection.ended ? undefined : kernel.threads.turn(process, { type: 'request', request }),
    )
  }

  /** Something that the application did. */
  act(process: Process, act: GuestAct): void {
    switch (act.type) {
      case 'imported':
        this.#kernel.setMemory(process, Math.max(process.memory, WORKER_MEMORY))
        return this.take(process, { type: 'imported' })
      case 'import-failed':
        return this.take(process, { type: 'import-failed', error: act.error })
      case 'started':
        return this.take(process, { type: 'started', supported: act.supported })
      case 'startup-failed':
        return this.take(process, { type: 'startup-failed', raised: act.raised })
      case 'stopped':
        return this.take(process, { type: 'stopped' })
      case 'shutdown-failed':
        return this.take(process, { type: 'shutdown-failed', raised: act.raised })
      case 'print':
        return this.#kernel.output(process, act.stream, act.text)
      case 'exit':
        return this.#kernel.terminate(process, { code: act.code })
      case 'crashed':
        this.#kernel.log(process, { kind: 'traceback', pid: process.pid, raised: act.raised })
        return this.#kernel.terminate(process, { code: 1 })
      case 'request-raised':
        return this.#requestRaised(process, act)
      default:
        return this.#answer(process, act)
    }
  }

  #requestRaised(process: Process, act: GuestAct & { type: 'request-raised' }): void {
    this.take(process, { type: 'request-raised', raised: act.raised })
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    this.#answer(process, { type: 'head', after: 0, id: act.id, status: 500, headers })
    this.#answer(process, { type: 'body', after: 0, id: act.id, text: 'Internal Server Error' })
    this.#answer(process, { type: 'end', after: 0, id: act.id })
  }

  #answer(process: Process, act: GuestAct & { type: 'head' | 'body' | 'end' }): void {
    const connection = process.connections.get(act.id)
    if (connection === undefined) return
    switch (act.type) {
      case 'head':
        connection.headSent = true
        this.#kernel.record({ type: 'head', request: act.id, pid: process.pid, status: act.status })
        this.take(process, responded(connection, act.status))
        connection.watch.onHead?.({ status: act.status, headers: act.headers })
        return
      case 'body':
        connection.watch.onBody?.(act.text)
        return
      case 'end':
        this.take(process, { type: 'completed' })
        this.#kernel.network.endConnection(connection, 'answered', process)
    }
  }
}

function responded(connection: Connection, status: number): WithoutAt<WorkerEvent & { type: 'responded' }> {
  const { method, target } = connection.request
  const client = { host: '127.0.0.1', port: connection.port }
  return { type: 'responded', client, method, target, httpVersion: '1.1', status }
}
