import type {
  Certificate,
  Certificates,
  Obtained,
  ProxySettings,
  ProxySite,
} from '../../machine/network/api.ts'
import { AUTHORITY, covers, DAY, renewalOf } from '../../machine/network/certificates.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import { isOwn, type DnsRecords } from './dns.ts'
import type { Network } from './network.ts'
import type { ScheduledEvent } from './queue.ts'
import type { Trace } from './trace.ts'

/** The address that the certificate authority connects from. */
const AUTHORITY_ADDRESS = '198.51.100.20'
const CHALLENGE = '/.well-known/acme-challenge/'
/** After a failed renewal the next attempt comes this many ms later. */
const RETRY = 3_600_000
/** How long a step of the authority takes, in ms. */
const AUTHORITY_TIME = [200, 900] as const

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly dns: DnsRecords
  readonly network: Network
}

/** A proxy that may renew certificates by itself. */
export interface Renewer {
  /** Its process, while it runs. */
  readonly pid: number | undefined
  readonly settings: ProxySettings | undefined
}

/** The certificates of the machine, and how they are obtained from an authority (ACME). */
export class CertificateStore implements Certificates {
  readonly #parts: Dependencies
  readonly #certificates = new Map<string, Certificate>()
  /** Tokens of the challenges in progress, by path. */
  readonly #tokens = new Map<string, string>()
  readonly #renewals = new Map<string, ScheduledEvent>()
  #serial = 0
  /** The proxy that renews them while it runs. */
  #renewer: Renewer = { pid: undefined, settings: undefined }

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  list(): readonly Certificate[] {
    return [...new Set(this.#certificates.values())]
  }

  put(certificate: Certificate): void {
    for (const name of certificate.names) {
      this.#certificates.set(name, certificate)
      this.#parts.trace.record({ type: 'certificate-changed', name, certificate })
      this.#planRenewal(name)
    }
  }

  remove(name: string): void {
    if (!this.#certificates.delete(name)) return
    this.#plan(name, undefined)
    this.#parts.trace.record({ type: 'certificate-changed', name, certificate: undefined })
  }

  /** Makes a certificate expire now; `false` when there is none. It is renewed only when the reader or the proxy asks for it. */
  expire(name: string): boolean {
    const certificate = this.#certificates.get(name)
    if (certificate === undefined) return false
    const expired = { ...certificate, notAfter: this.#parts.clock.date }
    for (const each of certificate.names) {
      if (this.#certificates.get(each) !== certificate) continue
      this.#certificates.set(each, expired)
      this.#plan(each, undefined)
      this.#parts.trace.record({ type: 'certificate-changed', name: each, certificate: expired })
    }
    return true
  }

  has(name: string): boolean {
    const at = this.#parts.clock.date
    return this.list().some((each) => covers(each, name) && at < each.notAfter)
  }

  /** The response to a request for a challenge's token. */
  tokenAt(target: string): string | undefined {
    return this.#tokens.get(target)
  }

  obtain(name: string, done: (result: Obtained) => void = () => undefined): void {
    const { chance, clock, dns, network, trace } = this.#parts
    const say = (step: 'ordered' | 'token-placed' | 'asked' | 'passed' | 'failed', text?: string): void =>
      trace.record({ type: 'challenge', name, step, ...(text === undefined ? {} : { text }) })
    const fail = (reason: 'no-address' | 'no-connection' | 'wrong-answer', text: string): void => {
      this.#tokens.delete(path)
      say('failed', text)
      done({ ok: false, reason, text })
    }
    const token = Math.floor(chance.next() * 2 ** 52).toString(36)
    const path = CHALLENGE + token
    say('ordered')
    this.#tokens.set(path, `${token}.key`)
    say('token-placed')
    clock.after(chance.within(AUTHORITY_TIME), () => {
      const address = dns.resolve(name)
      if (address === undefined) {
        return fail('no-address', `DNS problem: NXDOMAIN looking up A for ${name}`)
      }
      say('asked')
      if (!isOwn(address)) {
        return fail('no-connection', `${address}: Fetching http://${name}${path}: Connection refused`)
      }
      let body = ''
      network.request(
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
    const now = this.#parts.clock.date
    const days = this.#renewer.settings?.lifetime ?? 90
    this.#serial += 1
    const serial = `03${this.#serial.toString(16).padStart(6, '0')}`
    return { names: [name], issuer: AUTHORITY, notBefore: now, notAfter: now + days * DAY, serial }
  }

  #planRenewal(name: string): void {
    const certificate = this.#certificates.get(name)
    if (certificate === undefined) return
    const { clock } = this.#parts
    this.#plan(name, Math.max(clock.now + 1000, renewalOf(certificate) - clock.epoch))
  }

  /** Schedules the renewal of a name's certificate, replacing an earlier plan; `undefined`: no renewal. */
  #plan(name: string, at: number | undefined): void {
    const { clock } = this.#parts
    clock.cancel(this.#renewals.get(name))
    if (at === undefined) this.#renewals.delete(name)
    else
      this.#renewals.set(
        name,
        clock.schedule(at, () => this.#renew(name)),
      )
  }

  #renew(name: string): void {
    const { pid, settings } = this.#renewer
    // Without a running proxy that renews automatically nothing happens: such a proxy checks when it starts.
    if (pid === undefined || settings?.automatic !== true) return
    if (!settings.sites.some((site) => site.name === name)) return
    this.obtain(name, ({ ok }) => {
      if (!ok) this.#plan(name, this.#parts.clock.now + RETRY)
    })
  }

  /** Sets the proxy that renews certificates. */
  renewedBy(renewer: Renewer): void {
    this.#renewer = renewer
  }

  /** Obtains missing certificates of a proxy that has started, when it does so automatically. */
  seeTo(sites: readonly ProxySite[]): void {
    for (const { name } of sites) {
      if (this.has(name)) this.#planRenewal(name)
      else this.#renew(name)
    }
  }
}
