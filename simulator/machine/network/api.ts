/** A certificate: its names, its issuer, and when it is valid (ms since 1970). */
export interface Certificate {
  /** The host names that it is for; the `*` of `*.example.com` stands for one label. */
  readonly names: readonly string[]
  readonly issuer: string
  readonly notBefore: number
  readonly notAfter: number
  readonly serial: string
}

/** The result of a client's check of a certificate, in the order of its checks. */
export type CertificateVerdict = 'good' | 'expired' | 'not-yet-valid' | 'wrong-name' | 'unknown-issuer'

/** What a client sees of a TLS handshake. */
export interface TlsHandshake {
  readonly version: 'TLSv1.3'
  readonly cipher: string
  /** The name that the client asked for (SNI); `undefined` when it connected to an address. */
  readonly serverName: string | undefined
  readonly certificate: Certificate
  readonly verdict: CertificateVerdict
}

/** The DNS of the machine's small internet. */
export interface NameServer {
  /** Sets an A record; `undefined` removes it. */
  set(name: string, address: string | undefined): void
  records(): readonly { readonly name: string; readonly address: string }[]
  /** The address of a name; `undefined` when there is no such name. */
  resolve(name: string): string | undefined
}

/** The machine's own addresses. */
export const PUBLIC_ADDRESS = '203.0.113.10'
export const LOOPBACK = '127.0.0.1'

/** The proxy's certificates, and how it obtains them. */
export interface Certificates {
  list(): readonly Certificate[]
  /** Adds a certificate. Clients trust it only when its issuer is `AUTHORITY`. */
  put(certificate: Certificate): void
  remove(name: string): void
  /**
   * Asks the authority for a certificate by the HTTP-01 challenge of ACME (RFC 8555): the authority connects to port 80 of
   * the name and reads the token there. `done` gets the result.
   */
  obtain(name: string, done?: (result: Obtained) => void): void
}

/** The authority's answer. */
export type Obtained =
  | { readonly ok: true; readonly certificate: Certificate }
  /** The name has no address, nothing listens on its port 80, or another server answers there. */
  | {
      readonly ok: false
      readonly reason: 'no-address' | 'no-connection' | 'wrong-answer'
      readonly text: string
    }

/** A site of the proxy. */
export interface ProxySite {
  readonly name: string
  /**
   * Where plain HTTP goes, e.g. `127.0.0.1:8000` or `unix:/run/web.sock`. Several get the requests in turn (round robin), as with one
   * worker of nginx; one that refuses a connection is left out for ten seconds, and the next one is tried.
   */
  readonly upstream: string | readonly string[]
}

/** How the TLS termination proxy runs. */
export interface ProxySettings {
  readonly sites: readonly ProxySite[]
  /** The proxy obtains certificates itself, and renews them when a third of their life is left: Caddy and Traefik do, nginx does not. */
  readonly automatic: boolean
  /** How long new certificates are valid, in days (90). */
  readonly lifetime?: number
  /** Whether the proxy sets `X-Forwarded-For`, `-Proto` and `-Host`, replacing what the client sent (true). */
  readonly forwardedHeaders?: boolean
  /** A load balancer: the proxy listens on port 80 only and forwards plain HTTP. */
  readonly plain?: boolean
  /** Whether plain HTTP on port 80 is answered with a redirect to HTTPS (true). */
  readonly redirect?: boolean
  /** How long the proxy waits for a connection to an upstream, in seconds (60; Caddy 3). Then it answers with 504. */
  readonly connectTimeout?: number
  /** How long it waits between two reads of a response, in seconds (60; Caddy as long as it takes). Before the head it then answers with 504. */
  readonly readTimeout?: number
  /** How long it keeps an idle connection to an upstream, in seconds (0: each request has one of its own, as with nginx's defaults). */
  readonly upstreamKeepAlive?: number
}

/** The proxy on ports 80 and 443. */
export interface Proxy {
  readonly settings: ProxySettings | undefined
  /** The PID of the running proxy. */
  readonly pid: number | undefined
  /** Starts the proxy. @returns its PID, or the port that is taken */
  start(settings: ProxySettings): number | { readonly inUse: number }
  /** Gives the running proxy new settings without a restart. */
  configure(settings: ProxySettings): void
  stop(): void
}
