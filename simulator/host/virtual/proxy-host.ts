import type { Certificate, Certificates, Obtained, Proxy, ProxySettings } from '../../machine/network/api.ts'
import type { Kernel } from './kernel.ts'

/** The certificates of the machine. */
export class CertificateHost implements Certificates {
  readonly #kernel: Kernel
  readonly #certificates = new Map<string, Certificate>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  list(): readonly Certificate[] {
    return [...this.#certificates.values()]
  }

  put(certificate: Certificate): void {
    for (const name of certificate.names) {
      this.#certificates.set(name, certificate)
      this.#kernel.record({ type: 'certificate-changed', name, certificate })
    }
  }

  remove(name: string): void {
    if (!this.#certificates.delete(name)) return
    this.#kernel.record({ type: 'certificate-changed', name, certificate: undefined })
  }

  /** Ends a certificate now; whether there was one. */
  expire(name: string): boolean {
    const certificate = this.#certificates.get(name)
    if (certificate === undefined) return false
    this.put({ ...certificate, notAfter: this.#kernel.epoch + this.#kernel.now })
    return true
  }

  obtain(_name: string, done?: (result: Obtained) => void): void {
    this.#kernel.after(0, () => done?.({ ok: false, reason: 'no-address', text: '' }))
  }
}

/** The TLS termination proxy. */
export class ProxyHost implements Proxy {
  readonly #kernel: Kernel
  settings: ProxySettings | undefined
  pid: number | undefined

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  start(settings: ProxySettings): number | { readonly inUse: number } {
    this.settings = settings
    this.pid = this.#kernel.begin('proxy')
    return this.pid
  }

  configure(settings: ProxySettings): void {
    this.settings = settings
  }

  /** The machine went down. */
  forget(): void {
    this.pid = undefined
  }

  stop(): void {
    if (this.pid !== undefined) this.#kernel.signal(this.pid, 'TERM')
  }
}
