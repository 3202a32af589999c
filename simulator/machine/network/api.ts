/** A certificate: whom it names, who says so, from when to when (calendar time, ms since 1970). */
export interface Certificate {
  /** The names that it is for; `*.example.com` stands for one label. */
  readonly names: readonly string[]
  readonly issuer: string
  readonly notBefore: number
  readonly notAfter: number
  readonly serial: string
}

/** What a client thinks of a certificate, in the order in which it looks. */
export type Verdict = 'good' | 'expired' | 'not-yet-valid' | 'wrong-name' | 'unknown-issuer'

/** What a client sees of a TLS handshake. */
export interface TlsSight {
  readonly version: 'TLSv1.3'
  readonly cipher: string
  /** The name that it asked for (SNI); none for an address. */
  readonly serverName: string | undefined
  readonly certificate: Certificate
  readonly verdict: Verdict
}

/** The names of the machine's little internet. */
export interface NameServer {
  /** An A record; `undefined` takes it away. */
  set(name: string, address: string | undefined): void
  records(): readonly { readonly name: string; readonly address: string }[]
  /** What a client hears; nothing: there is no such name. */
  resolve(name: string): string | undefined
}

/** The machine's own addresses. */
export const PUBLIC_ADDRESS = '203.0.113.10'
export const LOOPBACK = '127.0.0.1'

/** The certificates that the proxy has, and how it gets them. */
export interface Certificates {
  list(): readonly Certificate[]
  /** Puts one there: signed by nobody that clients know, unless an issuer is named. */
  put(certificate: Certificate): void
  remove(name: string): void
  /**
   * Asks the authority for a certificate by the HTTP-01 challenge of ACME (RFC 8555): it connects to the name's port 80 and
   * wants to read the token. `done` hears how it went.
   */
  obtain(name: string, done?: (result: Obtained) => void): void
}

/** How the authority answered. */
export type Obtained =
  | { readonly ok: true; readonly certificate: Certificate }
  /** The name has no address, nobody listens on port 80, or who answers there is not who asked. */
  | {
      readonly ok: false
      readonly reason: 'no-address' | 'no-connection' | 'wrong-answer'
      readonly text: string
    }

/** A site of the proxy. */
export interface Site {
  readonly name: string
  /**
   * Where plain HTTP goes, e.g. `127.0.0.1:8000` or `unix:/run/web.sock`. Several are dealt the requests in turns, as by nginx
   * with one worker of its own; who refuses is left out for ten seconds, and the next one asked.
   */
  readonly upstream: string | readonly string[]
}

/** How the TLS termination proxy runs. */
export interface ProxySettings {
  readonly sites: readonly Site[]
  /** Certificates are obtained and renewed by itself, when a third of their life is left. As Caddy and Traefik do; nginx does not. */
  readonly automatic: boolean
  /** How long new certificates live, in days (90). */
  readonly lifetime?: number
  /** Whether `X-Forwarded-For`, `-Proto` and `-Host` are put on (they are). What the client sent under these names is replaced. */
  readonly forwardedHeaders?: boolean
  /** It listens on port 80 alone and sends plain HTTP on: a load balancer. */
  readonly plain?: boolean
  /** Plain HTTP on port 80 is answered with a redirect to HTTPS (it is). */
  readonly redirect?: boolean
}

/** The proxy on ports 80 and 443. */
export interface Proxy {
  readonly settings: ProxySettings | undefined
  /** The PID of the running proxy. */
  readonly pid: number | undefined
  /** Starts it; the answer is its PID, or which port is taken. */
  start(settings: ProxySettings): number | { readonly inUse: number }
  /** New settings for the running one, without a break. */
  configure(settings: ProxySettings): void
  stop(): void
}
