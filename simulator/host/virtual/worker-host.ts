import type { Raised } from '../../manager/log.ts'
import type { AppError } from '../../manager/machine.ts'
import type { HttpSettings, Settings } from '../../manager/settings.ts'
import type { Answer, WorkerBirth, WorkerEffect, WorkerEvent } from '../../worker/life.ts'
import { newWorker, stepWorker } from '../../worker/worker.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import { asksTerminal } from '../../manager/versions.ts'
import type { Connection } from './connection.ts'
import type { GuestAct } from './guest.ts'
import { seenThroughProxy } from '../../machine/network/forwarded.ts'
import { utf8Length } from '../../machine/network/utf8-length.ts'
import { makeGuest, preloadedBy } from './import-app.ts'
import type { Kernel, WithoutAt } from './kernel.ts'
import type { Process } from './process.ts'
import { WORKER_MEMORY } from './memory-host.ts'
import { missingTlsFile } from './tls-files.ts'

/** So much of an answer goes into the trace. */
const LONGEST_SAID = 160
const SIGNALS = Object.keys(SIGNAL_NUMBERS) as SignalName[]

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
    // The thread that answers pings starts when the terminal has answered, where it is asked.
    if (!asksTerminal(birth.settings.speaks)) process.pongFrom = now + boot * 0.6
    if (birth.role === 'forked') this.#inheritHandlers(process, now + boot)
    this.#kernel.cores.run(process, boot, () =>
      this.#kernel.threads.deliver(process, () => this.take(process, { type: 'start' })),
    )
  }

  /** A copy has its parent's signal handlers until it sets its own; what comes by then is taken and forgotten. */
  #inheritHandlers(process: Process, begin: number): void {
    const { table, profile } = this.#kernel
    const parent = table.get(process.ppid)?.manager
    const signals = SIGNALS.filter((signal) => parent?.handles(signal) === true)
    process.inherited = { signals, until: begin + this.#kernel.draw(profile.ownHandlers) }
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
    if (state.phase === 'importing' && process.pongFrom === undefined) this.#startThread(process)
    if (state.phase !== 'leaving') {
      for (const effect of effects) this.#do(process, effect)
      return
    }
    // Its event loop runs no more.
    process.accepting = false
    this.#takeLeave(process, effects)
  }

  /** At its end a process may be ended from outside, between one line and the next. */
  #takeLeave(process: Process, effects: readonly WorkerEffect[]): void {
    const [effect, ...others] = effects
    if (effect === undefined) return
    this.#do(process, effect)
    if (effect.type === 'log' && isGuarded(process, effect)) {
      const signal = process.doom
      process.doom = undefined
      const ends = signal !== 'INT' || process.worker?.birth.role === 'forked'
      if (signal !== undefined && ends && effect.signals === 'raised-after')
        return this.#do(process, { type: 'raise', signal })
    }
    const [next] = others
    if (next?.type !== 'log') return this.#takeLeave(process, others)
    const goOn = (): void => {
      if (!process.alive) return
      if (process.doom !== undefined && !isGuarded(process, next))
        this.#kernel.terminate(process, { signal: process.doom })
      else if (process.frozen) process.held.push(goOn)
      else this.#takeLeave(process, others)
    }
    process.nextTurn = this.#kernel.now + this.#kernel.lastLineTime()
    this.#kernel.schedule(process.nextTurn, goOn)
  }

  #startThread(process: Process): void {
    process.pongFrom = this.#kernel.now
    for (const ping of process.pings.splice(0)) ping()
  }

  #do(process: Process, effect: WorkerEffect): void {
    const kernel = this.#kernel
    switch (effect.type) {
      case 'log':
        return kernel.log(process, effect.record)
      case 'ask':
        return kernel.terminals.ask(process, effect.record, () => this.take(process, { type: 'answered' }))
      case 'import':
        process.inbox.push(() => this.#import(process))
        kernel.factory.prepare?.(process.pid)
        // After --preload the application is there already.
        if (preloadedBy(kernel, process) !== undefined) return this.#soon(process)
        return kernel.threads.occupy(process, kernel.draw(kernel.profile.import))
      case 'startup':
        process.inbox.push(() => kernel.threads.turn(process, { type: 'startup' }))
        return this.#soon(process)
      case 'shutdown':
        process.inbox.push(() => kernel.threads.turn(process, { type: 'shutdown' }))
        return this.#soon(process)
      case 'bind':
        return this.#bind(process, effect)
      case 'unlink':
        return kernel.network.listeners.unlink(effect.path)
      case 'accept':
        process.accepting = true
        // When its event loop gets a turn: one that is to go at once accepts nothing.
        kernel.schedule(kernel.now, () => kernel.network.offerAll())
        return
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
    const missing = missingTlsFile(this.#kernel, settings.tls)
    if (missing !== undefined) return this.#failed(process, { kind: 'raised', raised: NO_SUCH_FILE })
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
    const { binds, backlog, replacesFile = false } = effect
    const bound = this.#kernel.network.listeners.bind(process.pid, binds, backlog, { replacesFile })
    if ('error' in bound) return this.take(process, { type: 'bind-failed', ...bound })
    for (const { bind } of bound) this.#kernel.record({ type: 'listening', pid: process.pid, bind })
    this.take(process, { type: 'bound', binds: bound.map(({ bind }) => bind) })
  }

  /** A worker takes a connection off the backlog for itself. */
  accept(process: Process, connection: Connection): void {
    const kernel = this.#kernel
    kernel.record({ type: 'accepted', request: connection.id, pid: process.pid })
    const secure = process.worker?.birth.settings.tls !== undefined
    // One speaks TLS and the other does not: the handshake fails, and nothing is said of it.
    if (secure !== (connection.request.secure ?? false)) {
      return kernel.network.endConnection(connection, secure ? 'closed' : 'not-tls', process)
    }
    process.connections.set(connection.id, connection)
    kernel.pages.touch(process, 'request')
    kernel.threads.occupy(process, kernel.chance.within(kernel.profile.handling))
    const { method, target, headers = {}, body, from = '127.0.0.1' } = connection.request
    const seen = seenThroughProxy(headers, from, allowedProxies(process))
    connection.client = seen.client ?? from
    if (seen.client !== undefined) connection.clientPort = 0
    if (seen.trusted !== undefined) {
      const { trusted } = seen
      kernel.record({ type: 'forwarded-headers', request: connection.id, pid: process.pid, trusted })
    }
    const request = {
      id: connection.id,
      method,
      target,
      headers,
      ...(body === undefined ? {} : { body }),
      scheme: secure ? ('https' as const) : seen.scheme,
      client: connection.client,
    }
    process.inbox.push(() =>
      connection.ended ? undefined : kernel.threads.turn(process, { type: 'request', request }),
    )
  }

  /** Something that the application did. */
  act(process: Process, act: GuestAct): void {
    switch (act.type) {
      case 'imported':
        this.#kernel.setMemory(process, Math.max(process.memory, WORKER_MEMORY))
        this.#kernel.pages.touch(process, 'boot')
        if (!process.alive) return
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
      case 'call':
        return this.#kernel.data.call(process, act.method, act.args, (reply) =>
          this.#kernel.threads.deliver(process, () =>
            this.#kernel.threads.turn(process, { type: 'reply', call: act.call, ...reply }),
          ),
        )
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
    const connection = process.connections.get(act.id)
    // With the head gone there is no way to say 500 any more: the connection breaks off.
    if (connection?.headSent === true)
      return this.#kernel.network.endConnection(connection, 'cut-off', process)
    const text = 'Internal Server Error'
    const headers = { 'content-length': String(text.length), 'content-type': 'text/plain; charset=utf-8' }
    this.#answer(process, { type: 'head', after: 0, id: act.id, status: 500, headers })
    this.#answer(process, { type: 'body', after: 0, id: act.id, text })
    this.#answer(process, { type: 'end', after: 0, id: act.id })
  }

  #headersOf(process: Process, headers: Readonly<Record<string, string>>): Record<string, string> {
    const settings = process.worker?.birth.settings
    // gunicorn has a worker of its own as well; what that one adds has not been recorded.
    if (settings?.workerClass !== undefined && !settings.workerClass.includes('uvicorn')) return headers
    return { ...ownHeaders(settings?.http, this.#kernel.epoch + this.#kernel.now), ...headers }
  }

  #answer(process: Process, act: GuestAct & { type: 'head' | 'body' | 'end' }): void {
    const connection = process.connections.get(act.id)
    if (connection === undefined) return
    switch (act.type) {
      case 'head':
        connection.headSent = true
        connection.status = act.status
        this.#kernel.record({ type: 'head', request: act.id, pid: process.pid, status: act.status })
        this.take(process, responded(connection, act.status))
        connection.watch.onHead?.({ status: act.status, headers: this.#headersOf(process, act.headers) })
        return
      case 'body':
        connection.bytes += utf8Length(act.text)
        connection.said = (connection.said + act.text).slice(0, LONGEST_SAID)
        connection.watch.onBody?.(act.text)
        return
      case 'end':
        this.take(process, { type: 'completed', answer: answerOf(connection) })
        this.#kernel.network.endConnection(connection, 'answered', process)
    }
  }
}

/** uvicorn's own headers stand before those of `--header` and of the application. */
function ownHeaders(http: HttpSettings | undefined, at: number): Record<string, string> {
  return {
    ...(http?.dateHeader === false ? {} : { date: new Date(at).toUTCString() }),
    ...(http?.serverHeader === false ? {} : { server: 'uvicorn' }),
    ...Object.fromEntries(http?.headers ?? []),
  }
}

function responded(connection: Connection, status: number): WithoutAt<WorkerEvent & { type: 'responded' }> {
  return { type: 'responded', ...requestOf(connection), status }
}

function answerOf(connection: Connection): Answer {
  const { referer, 'user-agent': agent } = connection.request.headers ?? {}
  return {
    ...requestOf(connection),
    status: connection.status,
    bytes: connection.bytes,
    ...(referer === undefined ? {} : { referer }),
    ...(agent === undefined ? {} : { agent }),
  }
}

/** The proxies whose `X-Forwarded` headers a server believes. */
function allowedProxies({ worker, env }: Process): string {
  // Options that not every command line reader knows yet.
  const settings = worker?.birth.settings as
    (Settings & { readonly proxyHeaders?: boolean; readonly forwardedAllowIps?: string }) | undefined
  if (settings?.proxyHeaders === false) return ''
  return settings?.forwardedAllowIps ?? env['FORWARDED_ALLOW_IPS'] ?? '127.0.0.1'
}

function requestOf({ request, port, client, clientPort }: Connection): Omit<Answer, 'status' | 'bytes'> {
  const { method, target, socket } = request
  const line = { method, target, httpVersion: '1.1' }
  // Who comes over a unix socket has no address.
  return socket === undefined ? { ...line, client: { host: client, port: clientPort ?? port } } : line
}

const NO_SUCH_FILE: Raised = {
  name: 'FileNotFoundError',
  message: '[Errno 2] No such file or directory',
  frames: [],
}

/** Whether the signal that came before a line cannot keep it from being said. */
function isGuarded({ doom }: Process, { signals }: WorkerEffect & { type: 'log' }): boolean {
  return signals !== undefined && (doom === 'INT' || doom === 'TERM')
}
