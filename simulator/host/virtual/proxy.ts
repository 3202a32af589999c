import type { Proxy, ProxySettings, ProxySite } from '../../machine/network/api.ts'
import { chooseCertificate, checkCertificate } from '../../machine/network/certificates.ts'
import { headerOf, type HeaderList } from '../../machine/network/headers.ts'
import { RoundRobin } from '../../machine/network/round-robin.ts'
import type { ClientRequest } from '../../machine/system.ts'
import type { CertificateStore } from './certificates.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { MainThreads } from './main-threads.ts'
import type { Network } from './network.ts'
import type { AcceptingProcess } from './server.ts'
import type { Processes } from './processes.ts'
import type { ScheduledEvent } from './queue.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'
import { UpstreamConnections } from './upstream-connections.ts'

/** Latency of a client on the internet, one way, in ms. */
const WAY = [8, 30] as const
const NGINX_TIMES = { connectTimeout: 60, readTimeout: 60 }
const CIPHER = 'TLS_AES_128_GCM_SHA256'

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly processes: Processes
  readonly threads: MainThreads
  readonly signals: Signals
  readonly network: Network
  readonly certificates: CertificateStore
}

/** The TLS termination proxy: it listens on ports 80 and 443 and forwards decrypted requests to the upstreams. */
export class ReverseProxy implements Proxy {
  readonly #parts: Dependencies
  readonly #connections: UpstreamConnections
  settings: ProxySettings | undefined
  pid: number | undefined
  /** Whether it starts at every boot, as its package configures it. */
  #enabled = false
  readonly #turns = new Map<string, RoundRobin>()

  constructor(parts: Dependencies) {
    this.#parts = parts
    this.#connections = new UpstreamConnections(parts)
    parts.certificates.renewedBy(this)
  }

  start(settings: ProxySettings): number | { readonly inUse: number } {
    const { clock, network, processes, trace } = this.#parts
    if (this.pid !== undefined) {
      this.configure(settings)
      return this.pid
    }
    const ports = settings.plain === true ? [80] : [80, 443]
    for (const port of ports) {
      if (network.listeners.find({ kind: 'tcp', host: '0.0.0.0', port }) !== undefined) return { inUse: port }
    }
    const pid = processes.newPid()
    this.pid = pid
    this.#enabled = true
    const process = processes.birth({
      pid,
      ppid: 1,
      kind: 'proxy',
      command: settings.automatic
        ? 'caddy run --config /etc/caddy/Caddyfile'
        : 'nginx: master process /usr/sbin/nginx',
      terminal: undefined,
      group: pid,
      env: {},
      startedAt: clock.now,
      settings: undefined,
      print: undefined,
      user: settings.automatic ? 'caddy' : 'root',
      onEnd: () => (this.pid = undefined),
      memory: settings.automatic ? 34_000_000 : 9_000_000,
    })
    const binds = ports.map((port) => ({ kind: 'tcp', host: '0.0.0.0', port }) as const)
    const server = network.serve(process, {
      always: true,
      keepAlive: 0,
      onConnection: (connection) => this.#take(server, connection),
    })
    network.listeners.bind(pid, binds, 4096)
    for (const bind of binds) trace.record({ type: 'listening', pid, bind })
    this.configure(settings)
    return pid
  }

  configure(settings: ProxySettings): void {
    this.settings = settings
    if (settings.automatic) this.#parts.certificates.seeTo(settings.sites)
  }

  /** The machine went down. */
  forget(): void {
    this.pid = undefined
  }

  /** The machine comes up. */
  boot(): void {
    if (this.#enabled && this.settings !== undefined) this.start(this.settings)
  }

  stop(): void {
    this.#enabled = false
    if (this.pid !== undefined) this.#parts.signals.send(this.pid, 'TERM')
  }

  /** A connection has come to a port of the proxy. */
  #take(server: AcceptingProcess, connection: Connection): void {
    const { network, trace } = this.#parts
    trace.record({ type: 'accepted', request: connection.id, pid: server.process.pid })
    server.connections.set(connection.id, connection)
    const { request } = connection
    const secure = connection.bind.kind === 'tcp' && connection.bind.port === 443
    if (secure !== (request.secure ?? false)) {
      // Plain HTTP at the TLS port gets a response; TLS at the HTTP port cannot be read.
      if (secure)
        return this.#say(server, connection, 400, 'Client sent an HTTP request to an HTTPS server.\n')
      return network.endConnection(connection, 'not-tls', server)
    }
    if (secure) this.#handshake(server, connection)
    else this.#plain(server, connection)
  }

  #way(connection: Connection): number {
    return connection.request.from === undefined
      ? this.#parts.chance.within([0.05, 0.2])
      : this.#parts.chance.within(WAY)
  }

  #later(server: AcceptingProcess, connection: Connection, run: () => void): void {
    this.#parts.clock.after(this.#way(connection), () => this.#when(server, connection, run))
  }

  /** Does something for a connection that is still open: now, or when the stopped proxy is continued. */
  #when(server: AcceptingProcess, connection: Connection, run: () => void): void {
    const { process } = server
    if (connection.ended || !process.alive) return
    if (process.frozen) this.#parts.threads.hold(process, () => this.#when(server, connection, run))
    else run()
  }

  #handshake(server: AcceptingProcess, connection: Connection): void {
    const { certificates, clock, network, threads, trace } = this.#parts
    const { id, request, callbacks } = connection
    const serverName = /^[\d.:]+$/.test(request.host) ? undefined : request.host
    trace.record({ type: 'tls-hello', request: id, serverName })
    this.#later(server, connection, () => {
      const certificate = chooseCertificate(certificates.list(), serverName)
      if (certificate === undefined) {
        // An alert during the handshake, as from Caddy and from nginx with `ssl_reject_handshake`.
        trace.record({ type: 'certificate-missing', request: id, serverName })
        return network.endConnection(connection, 'no-certificate', server)
      }
      const verdict = checkCertificate(certificate, request.host, clock.date)
      trace.record({ type: 'certificate', request: id, certificate, verdict })
      callbacks.onTls?.({ version: 'TLSv1.3', cipher: CIPHER, serverName, certificate, verdict })
      if (verdict !== 'good' && request.insecure !== true) {
        return network.endConnection(connection, 'bad-certificate', server)
      }
      trace.record({ type: 'encrypted', request: id })
      this.#later(server, connection, () => {
        threads.occupy(server.process, 0.2)
        trace.record({ type: 'decrypted', request: id, pid: server.process.pid })
        this.#forward(server, connection)
      })
    })
  }

  #plain(server: AcceptingProcess, connection: Connection): void {
    const { target, host } = connection.request
    this.#later(server, connection, () => {
      const token = this.#parts.certificates.tokenAt(target)
      if (token !== undefined) return this.#say(server, connection, 200, token)
      if (this.settings?.plain === true || this.settings?.redirect === false)
        return this.#forward(server, connection)
      const location = `https://${hostOf(connection.request) ?? host}${target}`
      this.#say(server, connection, 308, '', [['location', location]])
    })
  }

  #forward(server: AcceptingProcess, connection: Connection): void {
    const { request } = connection
    const host = hostOf(request) ?? request.host
    const name = host.replace(/:\d+$/, '')
    const site = this.settings?.sites.find((each) => each.name.toLowerCase() === name.toLowerCase())
    if (site === undefined) return this.#say(server, connection, request.secure === true ? 421 : 404, '')
    const own: Record<string, string> =
      this.settings?.forwardedHeaders === false
        ? {}
        : {
            'x-forwarded-for': request.from ?? '127.0.0.1',
            'x-forwarded-proto': request.secure === true ? 'https' : 'http',
            'x-forwarded-host': host,
          }
    const kept = (request.headers ?? []).filter(
      ([key]) => key.toLowerCase() !== 'host' && !Object.hasOwn(own, key.toLowerCase()),
    )
    const headers = [['host', host], ...kept, ...Object.entries(own)] as const
    this.#ask(server, connection, { site, headers, own, left: upstreamsOf(site).length })
  }

  /** Forwards to the next upstream; when it refuses, to the one after it. */
  #ask(server: AcceptingProcess, connection: Connection, asked: Asked): void {
    const { clock, network, trace } = this.#parts
    const { request, callbacks, id } = connection
    const { site, headers, own, left } = asked
    const turns = this.#turnsOf(site)
    const upstream = turns.next(clock.now)
    const { connectTimeout, readTimeout, upstreamKeepAlive } = limitsOf(this.settings)
    const number = upstreamKeepAlive > 0 ? this.#connections.take(upstream) : undefined
    let reused = false
    let due: ScheduledEvent | undefined
    const limit = (seconds: number): void => {
      clock.cancel(due)
      if (seconds !== Infinity) due = clock.after(seconds * 1000, () => network.abandon(inner))
    }
    const [place, port = '80'] = upstream.split(':')
    const inner = network.request(
      {
        ...(place === 'unix'
          ? { host: '127.0.0.1', port: 0, socket: port }
          : { host: place ?? '127.0.0.1', port: Number(port) }),
        method: request.method,
        target: request.target,
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(number === undefined ? {} : { connection: number }),
      },
      {
        onConnect: (to) => {
          reused = to.reused
          limit(readTimeout)
        },
        onHead: (head) =>
          this.#when(server, connection, () => {
            limit(readTimeout)
            connection.headSent = true
            connection.status = head.status
            trace.record({ type: 'head', request: id, pid: server.process.pid, status: head.status })
            callbacks.onHead?.(head)
          }),
        onBody: (text) =>
          this.#when(server, connection, () => {
            limit(readTimeout)
            callbacks.onBody?.(text)
          }),
        onEnd: (end) => {
          connection.inner = undefined
          clock.cancel(due)
          if (end === 'answered' && number !== undefined)
            this.#connections.keep(upstream, number, upstreamKeepAlive)
          this.#when(server, connection, () => {
            if (end === 'answered') return network.endConnection(connection, 'answered', server)
            if (connection.headSent) return network.endConnection(connection, 'cut-off', server)
            // The server closed an idle connection just now: nginx and Caddy try once more, a load balancer does not.
            if (end === 'closed' && reused && this.settings?.plain !== true && isIdempotent(request))
              return this.#ask(server, connection, asked)
            if (end === 'refused' || end === 'gave-up') {
              turns.leaveOut(upstream, clock.now)
              const may = end === 'refused' || isIdempotent(request)
              if (may && left > 1) return this.#ask(server, connection, { ...asked, left: left - 1 })
            }
            const status = end === 'gave-up' ? 504 : 502
            trace.record({ type: 'bad-gateway', request: id, status })
            this.#say(server, connection, status, '')
          })
        },
      },
      id,
    )
    connection.inner = inner
    limit(connectTimeout)
    trace.record({ type: 'forwarded', request: id, as: inner, upstream, headers: own })
  }

  #turnsOf(site: ProxySite): RoundRobin {
    const upstreams = upstreamsOf(site)
    const name = [site.name, ...upstreams].join(' ')
    const turns = this.#turns.get(name) ?? new RoundRobin(upstreams)
    this.#turns.set(name, turns)
    return turns
  }

  /** The proxy's own response. */
  #say(
    server: AcceptingProcess,
    connection: Connection,
    status: number,
    text: string,
    headers: HeaderList = [],
  ): void {
    const { id, callbacks } = connection
    connection.headSent = true
    connection.status = status
    this.#parts.trace.record({ type: 'head', request: id, pid: server.process.pid, status })
    callbacks.onHead?.({
      status,
      headers: [...headers, ['server', 'proxy'], ['content-length', String(text.length)]],
    })
    if (text !== '') callbacks.onBody?.(text)
    this.#parts.network.endConnection(connection, 'answered', server)
  }
}

/** A request to forward, and how many upstreams are left to try. */
interface Asked {
  readonly site: ProxySite
  readonly headers: HeaderList
  /** The headers that the proxy has added. */
  readonly own: Readonly<Record<string, string>>
  readonly left: number
}

/** The times of a proxy in seconds: nginx's, or Caddy's, which waits for a response as long as it takes. */
function limitsOf(settings: ProxySettings | undefined): {
  readonly connectTimeout: number
  readonly readTimeout: number
  readonly upstreamKeepAlive: number
} {
  const usual = settings?.automatic === true ? { connectTimeout: 3, readTimeout: Infinity } : NGINX_TIMES
  const {
    connectTimeout = usual.connectTimeout,
    readTimeout = usual.readTimeout,
    upstreamKeepAlive = 0,
  } = settings ?? {}
  return { connectTimeout, readTimeout, upstreamKeepAlive }
}

/** Whether a request may be sent twice (RFC 9110, 9.2.2). */
function isIdempotent({ method }: ClientRequest): boolean {
  return !['POST', 'PATCH', 'LOCK'].includes(method.toUpperCase())
}

function upstreamsOf({ upstream }: ProxySite): readonly string[] {
  return typeof upstream === 'string' ? [upstream] : upstream
}

function hostOf({ headers = [] }: ClientRequest): string | undefined {
  return headerOf(headers, 'host')
}
