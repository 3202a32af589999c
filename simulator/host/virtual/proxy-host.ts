import {
  type Certificate,
  type Certificates,
  type Obtained,
  type Proxy,
  type ProxySettings,
  type Site,
} from '../../machine/network/api.ts'
import { AUTHORITY, choose, covers, DAY, judge, renewalOf } from '../../machine/network/certificates.ts'
import { Turns } from '../../machine/network/turns.ts'
import type { ClientRequest } from '../../machine/system.ts'
import type { Connection } from './connection.ts'
import type { Kernel } from './kernel.ts'
import { isOwn } from './names.ts'
import type { Process } from './process.ts'
import type { Due } from './queue.ts'

/** Where the authority asks from. */
const AUTHORITY_ADDRESS = '198.51.100.20'
const CHALLENGE = '/.well-known/acme-challenge/'
/** After a renewal that failed the next is tried so much later. */
const RETRY = 3_600_000
/** How long one way from a client on the internet takes, in ms; and a step of the authority. */
const WAY = [8, 30] as const
const AUTHORITY_TIME = [200, 900] as const
const CIPHER = 'TLS_AES_128_GCM_SHA256'

/** The certificates of the machine, and how they are got. */
export class CertificateHost implements Certificates {
  readonly #kernel: Kernel
  readonly #certificates = new Map<string, Certificate>()
  /** Tokens of challenges that go on, by their path. */
  readonly #tokens = new Map<string, string>()
  readonly #renewals = new Map<string, Due>()
  #serial = 0

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  list(): readonly Certificate[] {
    return [...new Set(this.#certificates.values())]
  }

  put(certificate: Certificate): void {
    for (const name of certificate.names) {
      this.#certificates.set(name, certificate)
      this.#kernel.record({ type: 'certificate-changed', name, certificate })
      this.#planRenewal(name)
    }
  }

  remove(name: string): void {
    if (!this.#certificates.delete(name)) return
    this.#kernel.record({ type: 'certificate-changed', name, certificate: undefined })
  }

  /** Ends a certificate now; whether there was one. It is not renewed by itself until the reader or the proxy asks. */
  expire(name: string): boolean {
    const certificate = this.#certificates.get(name)
    if (certificate === undefined) return false
    const expired = { ...certificate, notAfter: this.#kernel.epoch + this.#kernel.now }
    this.#certificates.set(name, expired)
    this.#kernel.cancel(this.#renewals.get(name))
    this.#kernel.record({ type: 'certificate-changed', name, certificate: expired })
    return true
  }

  has(name: string): boolean {
    const at = this.#kernel.epoch + this.#kernel.now
    return this.list().some((each) => covers(each, name) && at < each.notAfter)
  }

  /** The answer to a request for a challenge's token. */
  tokenAt(target: string): string | undefined {
    return this.#tokens.get(target)
  }

  obtain(name: string, done: (result: Obtained) => void = () => undefined): void {
    const kernel = this.#kernel
    const say = (step: 'ordered' | 'token-placed' | 'asked' | 'passed' | 'failed', text?: string): void =>
      kernel.record({ type: 'challenge', name, step, ...(text === undefined ? {} : { text }) })
    const fail = (reason: 'no-address' | 'no-connection' | 'wrong-answer', text: string): void => {
      this.#tokens.delete(path)
      say('failed', text)
      done({ ok: false, reason, text })
    }
    const token = Math.floor(kernel.chance.next() * 2 ** 52).toString(36)
    const path = CHALLENGE + token
    say('ordered')
    this.#tokens.set(path, `${token}.key`)
    say('token-placed')
    kernel.after(kernel.chance.within(AUTHORITY_TIME), () => {
      const address = kernel.dns.resolve(name)
      if (address === undefined) {
        return fail('no-address', `DNS problem: NXDOMAIN looking up A for ${name}`)
      }
      say('asked')
      if (!isOwn(address)) {
        return fail('no-connection', `${address}: Fetching http://${name}${path}: Connection refused`)
      }
      let body = ''
      kernel.network.request(
        { host: name, port: 80, method: 'GET', target: path, from: AUTHORITY_ADDRESS, patience: 10_000 },
        {
          onBody: (text) => (body += text),
          onEnd: (end) => {
            if (end !== 'answered') {
              const how = end === 'refused' ? 'Connection refused' : 'Timeout during connect'
              return fail('no-connection', `${address}: Fetching http://${name}${path}: ${how}`)
            }
            if (body.trim() !== `${token}.key`) {
              return fail('wrong-answer', `${address}: Invalid response from http://${name}${path}`)
            }
            this.#tokens.delete(path)
            say('passed')
            const certificate = this.#issue(name)
            this.put(certificate)
            done({ ok: true, certificate })
          },
        },
      )
    })
  }

  #issue(name: string): Certificate {
    const now = this.#kernel.epoch + this.#kernel.now
    const days = this.#kernel.proxy.settings?.lifetime ?? 90
    this.#serial += 1
    const serial = `03${this.#serial.toString(16).padStart(6, '0')}`
    return { names: [name], issuer: AUTHORITY, notBefore: now, notAfter: now + days * DAY, serial }
  }

  #planRenewal(name: string): void {
    const certificate = this.#certificates.get(name)
    if (certificate === undefined) return
    this.#kernel.cancel(this.#renewals.get(name))
    const at = Math.max(this.#kernel.now + 1000, renewalOf(certificate) - this.#kernel.epoch)
    this.#renewals.set(
      name,
      this.#kernel.schedule(at, () => this.#renew(name)),
    )
  }

  #renew(name: string): void {
    const { proxy } = this.#kernel
    // Nobody does it by itself, or not now: when such a proxy starts, it looks.
    if (proxy.pid === undefined || proxy.settings?.automatic !== true) return
    if (!proxy.settings.sites.some((site) => site.name === name)) return
    this.obtain(name, ({ ok }) => {
      if (ok) return
      this.#renewals.set(
        name,
        this.#kernel.schedule(this.#kernel.now + RETRY, () => this.#renew(name)),
      )
    })
  }

  /** A proxy that gets its certificates by itself begins to work. */
  seeTo(sites: readonly Site[]): void {
    for (const { name } of sites) {
      if (this.has(name)) this.#planRenewal(name)
      else this.#renew(name)
    }
  }
}

/** The TLS termination proxy: it has ports 80 and 443, and sends what it has decrypted on. */
export class ProxyHost implements Proxy {
  readonly #kernel: Kernel
  settings: ProxySettings | undefined
  pid: number | undefined
  /** It is started at every boot, as its package sees to it. */
  #enabled = false
  readonly #turns = new Map<string, Turns>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  start(settings: ProxySettings): number | { readonly inUse: number } {
    const kernel = this.#kernel
    if (this.pid !== undefined) {
      this.configure(settings)
      return this.pid
    }
    const ports = settings.plain === true ? [80] : [80, 443]
    for (const port of ports) {
      if (kernel.network.listeners.find({ kind: 'tcp', host: '0.0.0.0', port }) !== undefined)
        return { inUse: port }
    }
    const pid = kernel.newPid()
    this.pid = pid
    this.#enabled = true
    kernel.birth({
      pid,
      ppid: 1,
      kind: 'proxy',
      command: settings.automatic
        ? 'caddy run --config /etc/caddy/Caddyfile'
        : 'nginx: master process /usr/sbin/nginx',
      terminal: undefined,
      group: pid,
      env: {},
      startedAt: kernel.now,
      settings: undefined,
      print: undefined,
      user: settings.automatic ? 'caddy' : 'root',
      onEnd: () => (this.pid = undefined),
      memory: settings.automatic ? 34_000_000 : 9_000_000,
    })
    const binds = ports.map((port) => ({ kind: 'tcp', host: '0.0.0.0', port }) as const)
    kernel.network.listeners.bind(pid, binds, 4096)
    for (const bind of binds) kernel.record({ type: 'listening', pid, bind })
    this.configure(settings)
    return pid
  }

  configure(settings: ProxySettings): void {
    this.settings = settings
    if (settings.automatic) this.#kernel.certificates.seeTo(settings.sites)
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
    if (this.pid !== undefined) this.#kernel.signal(this.pid, 'TERM')
  }

  /** A connection has come to a port of the proxy. */
  take(process: Process, connection: Connection): void {
    const kernel = this.#kernel
    kernel.record({ type: 'accepted', request: connection.id, pid: process.pid })
    process.connections.set(connection.id, connection)
    const { request } = connection
    const secure = connection.bind.kind === 'tcp' && connection.bind.port === 443
    if (secure !== (request.secure ?? false)) {
      // Plain HTTP at the port for TLS is told so; TLS at the port for HTTP cannot be read.
      if (secure)
        return this.#say(process, connection, 400, 'Client sent an HTTP request to an HTTPS server.\n')
      return kernel.network.endConnection(connection, 'not-tls', process)
    }
    if (secure) this.#handshake(process, connection)
    else this.#plain(process, connection)
  }

  #way(connection: Connection): number {
    return connection.request.from === undefined
      ? this.#kernel.chance.within([0.05, 0.2])
      : this.#kernel.chance.within(WAY)
  }

  #later(process: Process, connection: Connection, run: () => void): void {
    this.#kernel.schedule(this.#kernel.now + this.#way(connection), () => {
      if (!connection.ended && process.alive) run()
    })
  }

  #handshake(process: Process, connection: Connection): void {
    const kernel = this.#kernel
    const { id, request, watch } = connection
    const serverName = /^[\d.:]+$/.test(request.host) ? undefined : request.host
    kernel.record({ type: 'tls-hello', request: id, serverName })
    this.#later(process, connection, () => {
      const certificate = choose(kernel.certificates.list(), serverName)
      if (certificate === undefined) {
        // As Caddy and nginx (`ssl_reject_handshake`) do: an alert, before anything was asked.
        kernel.record({ type: 'certificate-missing', request: id, serverName })
        return kernel.network.endConnection(connection, 'no-certificate', process)
      }
      const verdict = judge(certificate, request.host, kernel.epoch + kernel.now)
      kernel.record({ type: 'certificate', request: id, certificate, verdict })
      watch.onTls?.({ version: 'TLSv1.3', cipher: CIPHER, serverName, certificate, verdict })
      if (verdict !== 'good' && request.insecure !== true) {
        return kernel.network.endConnection(connection, 'bad-certificate', process)
      }
      kernel.record({ type: 'encrypted', request: id })
      this.#later(process, connection, () => {
        kernel.threads.occupy(process, 0.2)
        kernel.record({ type: 'decrypted', request: id, pid: process.pid })
        this.#forward(process, connection)
      })
    })
  }

  #plain(process: Process, connection: Connection): void {
    const { target, host } = connection.request
    this.#later(process, connection, () => {
      const token = this.#kernel.certificates.tokenAt(target)
      if (token !== undefined) return this.#say(process, connection, 200, token)
      if (this.settings?.plain === true || this.settings?.redirect === false)
        return this.#forward(process, connection)
      const location = `https://${hostOf(connection.request) ?? host}${target}`
      this.#say(process, connection, 308, '', { location })
    })
  }

  #forward(process: Process, connection: Connection): void {
    const { request } = connection
    const host = hostOf(request) ?? request.host
    const name = host.replace(/:\d+$/, '')
    const site = this.settings?.sites.find((each) => each.name.toLowerCase() === name.toLowerCase())
    if (site === undefined) return this.#say(process, connection, request.secure === true ? 421 : 404, '')
    const own: Record<string, string> =
      this.settings?.forwardedHeaders === false
        ? {}
        : {
            'x-forwarded-for': request.from ?? '127.0.0.1',
            'x-forwarded-proto': request.secure === true ? 'https' : 'http',
            'x-forwarded-host': host,
          }
    const kept = Object.entries(request.headers ?? {}).filter(([key]) => !(key.toLowerCase() in own))
    const headers = { ...Object.fromEntries(kept), host, ...own }
    this.#ask(process, connection, { site, headers, own, left: upstreamsOf(site).length })
  }

  /** Asks the upstream whose turn it is, and so many more of them as long as they refuse. */
  #ask(process: Process, connection: Connection, asked: Asked): void {
    const kernel = this.#kernel
    const { request, watch, id } = connection
    const { site, headers, own, left } = asked
    const turns = this.#turnsOf(site)
    const upstream = turns.next(kernel.now)
    const [place, port = '80'] = upstream.split(':')
    const inner = kernel.network.request(
      {
        ...(place === 'unix'
          ? { host: '127.0.0.1', port: 0, socket: port }
          : { host: place ?? '127.0.0.1', port: Number(port) }),
        method: request.method,
        target: request.target,
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
      },
      {
        onHead: (head) => {
          if (connection.ended) return
          connection.headSent = true
          connection.status = head.status
          kernel.record({ type: 'head', request: id, pid: process.pid, status: head.status })
          watch.onHead?.(head)
        },
        onBody: (text) => {
          if (!connection.ended) watch.onBody?.(text)
        },
        onEnd: (end) => {
          connection.inner = undefined
          if (connection.ended) return
          if (end === 'answered') return kernel.network.endConnection(connection, 'answered', process)
          if (connection.headSent) return kernel.network.endConnection(connection, 'cut-off', process)
          if (end === 'refused') {
            turns.leaveOut(upstream, kernel.now)
            if (left > 1) return this.#ask(process, connection, { ...asked, left: left - 1 })
          }
          const status = end === 'gave-up' ? 504 : 502
          kernel.record({ type: 'bad-gateway', request: id, status })
          this.#say(process, connection, status, '')
        },
      },
      id,
    )
    connection.inner = inner
    kernel.record({ type: 'forwarded', request: id, as: inner, upstream, headers: own })
  }

  #turnsOf(site: Site): Turns {
    const upstreams = upstreamsOf(site)
    const name = [site.name, ...upstreams].join(' ')
    const turns = this.#turns.get(name) ?? new Turns(upstreams)
    this.#turns.set(name, turns)
    return turns
  }

  /** The proxy answers by itself. */
  #say(
    process: Process,
    connection: Connection,
    status: number,
    text: string,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const { id, watch } = connection
    connection.headSent = true
    connection.status = status
    this.#kernel.record({ type: 'head', request: id, pid: process.pid, status })
    watch.onHead?.({
      status,
      headers: { ...headers, server: 'proxy', 'content-length': String(text.length) },
    })
    if (text !== '') watch.onBody?.(text)
    this.#kernel.network.endConnection(connection, 'answered', process)
  }
}

/** What is asked of a site's upstreams: of so many of them still. */
interface Asked {
  readonly site: Site
  readonly headers: Readonly<Record<string, string>>
  /** Those of the headers that the proxy has put on. */
  readonly own: Readonly<Record<string, string>>
  readonly left: number
}

function upstreamsOf({ upstream }: Site): readonly string[] {
  return typeof upstream === 'string' ? [upstream] : upstream
}

function hostOf({ headers = {} }: ClientRequest): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === 'host')?.[1]
}
