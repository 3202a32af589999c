import type { GuestAct } from './guest.ts'
import type { HttpSettings, Settings } from '../../manager/settings.ts'
import { trustedProxies, workerKind } from '../../manager/versions.ts'
import { seenThroughProxy } from '../../machine/network/forwarded.ts'
import { headerOf, type HeaderList } from '../../machine/network/headers.ts'
import { utf8Length } from '../../machine/network/utf8-length.ts'
import type { LoggedAnswer, WorkerEvent } from '../../worker/life.ts'
import type { Worker } from '../../worker/worker.ts'
import type { Clock, WithoutAt } from './clock.ts'
import type { Connection } from './connection.ts'
import type { MainThreads } from './main-threads.ts'
import type { MainMemory } from './memory.ts'
import type { Network } from './network.ts'
import type { AcceptingProcess } from './server.ts'
import type { Process } from './process.ts'
import type { Timing } from './timing.ts'
import type { Trace } from './trace.ts'
import type { Chance } from './chance.ts'

/** How many characters of a response go into the trace. */
const LONGEST_BODY_START = 160

/** A running worker. */
export interface RunningWorker {
  readonly process: Process
  life: Worker
  /** Its sockets and connections. */
  readonly server: AcceptingProcess
  /** The proxies whose `X-Forwarded` headers it trusts. */
  readonly allowedProxies: string
  draining: boolean
  /** When its thread that answers pings runs (virtual ms); `undefined` while that is not known. */
  pongFrom: number | undefined
  /** Pings that came before that time. */
  readonly pings: (() => void)[]
}

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly timing: Timing
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly network: Network
}

/** The requests of a worker: from accepting the connection to the end of the response. */
export class WorkerRequests {
  readonly #parts: Dependencies
  /** Passes an event to the worker's state machine. */
  readonly #tell: (worker: RunningWorker, event: WithoutAt<WorkerEvent>) => void

  constructor(parts: Dependencies, tell: (worker: RunningWorker, event: WithoutAt<WorkerEvent>) => void) {
    this.#parts = parts
    this.#tell = tell
  }

  /** A worker accepts a connection from the backlog. */
  accept({ process, life, server, allowedProxies }: RunningWorker, connection: Connection): void {
    const { chance, memory, network, threads, timing, trace } = this.#parts
    trace.record({ type: 'accepted', request: connection.id, pid: process.pid })
    const secure = life.birth.settings.tls !== undefined
    // One side speaks TLS and the other does not: the handshake fails without a log line.
    if (secure !== (connection.request.secure ?? false)) {
      return network.endConnection(connection, secure ? 'closed' : 'not-tls', server)
    }
    server.connections.set(connection.id, connection)
    memory.touch(process, 'request')
    threads.occupy(process, chance.within(timing.profile.handling))
    const { method, target, headers = [], body, upgrade, from = '127.0.0.1' } = connection.request
    const seen = seenThroughProxy(headers, from, allowedProxies)
    connection.client = seen.client ?? from
    if (seen.client !== undefined) connection.clientPort = 0
    if (seen.trusted !== undefined) {
      const { trusted } = seen
      trace.record({ type: 'forwarded-headers', request: connection.id, pid: process.pid, trusted })
    }
    const request = {
      id: connection.id,
      method,
      target,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(upgrade === undefined ? {} : { upgrade }),
      scheme: secure ? ('https' as const) : seen.scheme,
      client: connection.client,
    }
    threads.enqueue(process, () =>
      connection.ended ? undefined : threads.turn(process, { type: 'request', request }),
    )
  }

  /** The application raised: the worker answers 500, unless it has sent a head already. */
  raised(worker: RunningWorker, act: GuestAct & { type: 'request-raised' }): void {
    this.#tell(worker, { type: 'request-raised', raised: act.raised })
    const connection = worker.server.connections.get(act.id)
    // The head has been sent, so there can be no 500: the connection is closed.
    if (connection?.headSent === true)
      return this.#parts.network.endConnection(connection, 'cut-off', worker.server)
    const text = 'Internal Server Error'
    const headers = [
      ['content-length', String(text.length)],
      ['content-type', 'text/plain; charset=utf-8'],
    ] as const
    this.sendPart(worker, { type: 'head', after: 0, id: act.id, status: 500, headers })
    this.sendPart(worker, { type: 'body', after: 0, id: act.id, text })
    this.sendPart(worker, { type: 'end', after: 0, id: act.id })
  }

  #headersOf({ life }: RunningWorker, headers: HeaderList): HeaderList {
    const { settings } = life.birth
    // What gunicorn's own worker class adds has not been recorded.
    if (workerKind(settings) === 'asgi') return headers
    return [...ownHeaders(settings.http, this.#parts.clock.date), ...headers]
  }

  /** Sends a part of the application's response. */
  sendPart(worker: RunningWorker, act: GuestAct & { type: 'head' | 'body' | 'end' }): void {
    const connection = worker.server.connections.get(act.id)
    if (connection === undefined) return
    switch (act.type) {
      case 'head':
        connection.headSent = true
        connection.status = act.status
        this.#parts.trace.record({
          type: 'head',
          request: act.id,
          pid: worker.process.pid,
          status: act.status,
        })
        this.#tell(worker, responded(connection, act.status))
        connection.callbacks.onHead?.({ status: act.status, headers: this.#headersOf(worker, act.headers) })
        return
      case 'body':
        connection.bytes += utf8Length(act.text)
        connection.bodyStart = (connection.bodyStart + act.text).slice(0, LONGEST_BODY_START)
        connection.callbacks.onBody?.(act.text)
        return
      case 'end':
        this.#tell(worker, { type: 'completed', answer: answerOf(connection) })
        this.#parts.network.endConnection(connection, 'answered', worker.server)
    }
  }
}

/** uvicorn's own headers, which come before those of `--header` and of the application. */
function ownHeaders(http: HttpSettings | undefined, at: number): HeaderList {
  const added = (http?.headers ?? []).map(([name, value]) => [name.toLowerCase(), value] as const)
  return [
    ...(http?.dateHeader === false ? [] : [['date', new Date(at).toUTCString()] as const]),
    // One of the user's own replaces it; a date of the user's own stands beside the server's.
    ...(http?.serverHeader === false || headerOf(added, 'server') !== undefined
      ? []
      : [['server', 'uvicorn'] as const]),
    ...added,
  ]
}

function responded(connection: Connection, status: number): WithoutAt<WorkerEvent & { type: 'responded' }> {
  return { type: 'responded', ...requestOf(connection), status }
}

function answerOf(connection: Connection): LoggedAnswer {
  const headers = connection.request.headers ?? []
  const [referer, agent] = [headerOf(headers, 'referer'), headerOf(headers, 'user-agent')]
  return {
    ...requestOf(connection),
    status: connection.status,
    bytes: connection.bytes,
    ...(referer === undefined ? {} : { referer }),
    ...(agent === undefined ? {} : { agent }),
  }
}

/** The proxies whose `X-Forwarded` headers a server trusts. */
export function allowedProxies(settings: Settings, env: Readonly<Record<string, string>>): string {
  if (settings.http?.proxyHeaders === false) return ''
  return settings.http?.forwardedAllowIps ?? env['FORWARDED_ALLOW_IPS'] ?? trustedProxies(settings.speaks)
}

function requestOf({
  request,
  port,
  client,
  clientPort,
}: Connection): Omit<LoggedAnswer, 'status' | 'bytes'> {
  const { method, target, socket, version = '1.1' } = request
  const line = { method, target, httpVersion: version }
  // A client of a unix socket has no address.
  return socket === undefined ? { ...line, client: { host: client, port: clientPort ?? port } } : line
}
