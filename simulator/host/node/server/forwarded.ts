import { lookUp } from '../../../manager/look-up.ts'
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'
import type { HttpSettings } from '../../../manager/settings.ts'

/** The origin of a request. Without a host: a unix socket. */
export interface Client {
  readonly host: string
  readonly port: number
}

/** Which proxies' X-Forwarded headers are trusted, and what they say: uvicorn's `ProxyHeadersMiddleware` (0.51.0). */
export class Forwarded {
  readonly #always: boolean
  readonly #addresses = new BlockList()

  /** `believed`: the proxies that are trusted by default, usually those of this computer. */
  constructor({ forwardedAllowIps }: HttpSettings = {}, believed = '127.0.0.1') {
    const trusted = (forwardedAllowIps ?? believed).split(',').map((text) => text.trim())
    this.#always = trusted.includes('*')
    for (const text of trusted) this.#add(text)
  }

  /**
   * Applies what a trusted proxy says, so that the application sees it too: the client's address, and whether it spoke HTTPS.
   * @returns the client; `undefined` without a proxy, or with one that is not trusted
   */
  apply(request: IncomingMessage): Client | undefined {
    const { addresses, scheme } = forwardedHeaders(request.rawHeaders)
    if (addresses === undefined && scheme === undefined) return undefined
    const { socket } = request
    if (!this.#trusts(socket.remoteAddress)) return undefined
    const host = addresses === undefined ? undefined : this.#client(addresses)
    const encrypted = scheme === undefined ? undefined : scheme === 'https' || scheme === 'wss'
    request.socket = seenThrough(socket, {
      // The client's port is not known.
      ...(host === undefined ? {} : { remoteAddress: host, remotePort: 0, remoteFamily: familyOf(host) }),
      ...(encrypted === undefined ? {} : { encrypted }),
    })
    return host === undefined ? undefined : { host, port: 0 }
  }

  #add(text: string): void {
    const [address = '', bits] = text.split('/')
    const family = familyOf(address)
    if (family === undefined) return
    if (bits === undefined) return this.#addresses.addAddress(address, lower(family))
    const prefix = Number(bits)
    if (Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 'IPv4' ? 32 : 128)) {
      this.#addresses.addSubnet(address, prefix, lower(family))
    }
  }

  #trusts(address: string | undefined): boolean {
    if (this.#always) return true
    // An IPv4 address on a dual-stack socket.
    const plain = address?.replace(/^::ffff:/, '') ?? ''
    const family = familyOf(plain)
    return family !== undefined && this.#addresses.check(plain, lower(family))
  }

  /** The last address in the chain that is not a trusted proxy; if all are trusted, the first one. */
  #client(addresses: readonly string[]): string | undefined {
    const first = addresses[0]
    const client = this.#always ? first : (addresses.findLast((address) => !this.#trusts(address)) ?? first)
    return client === '' ? undefined : client
  }
}

/** Searches the header names without parsing the headers: most requests have none of these. */
function forwardedHeaders(raw: readonly string[]) {
  let addresses: readonly string[] | undefined
  let scheme: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    if (name.length !== FOR.length && name.length !== PROTO.length) continue
    const lowered = name.toLowerCase()
    const value = raw[i + 1] ?? ''
    if (lowered === FOR) addresses = [...(addresses ?? []), ...value.split(',').map((text) => text.trim())]
    if (lowered === PROTO && SCHEMES.includes(value.trim())) scheme = value.trim()
  }
  return { addresses, scheme }
}

const FOR = 'x-forwarded-for'
const PROTO = 'x-forwarded-proto'
const SCHEMES: readonly string[] = ['http', 'https', 'ws', 'wss']

/**
 * A view of the socket with some properties as the proxy says. The connection may carry another client's request next, so the socket itself
 * is not changed.
 */
function seenThrough(socket: Socket, said: Readonly<Record<string, unknown>>): Socket {
  return new Proxy(socket, {
    get: (target, name) => {
      if (typeof name === 'string' && Object.hasOwn(said, name)) return lookUp(said, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  })
}

function familyOf(address: string): 'IPv4' | 'IPv6' | undefined {
  return ([undefined, 'IPv4', 'IPv6'] as const)[isIP(address) === 4 ? 1 : isIP(address) === 6 ? 2 : 0]
}

function lower(family: 'IPv4' | 'IPv6'): 'ipv4' | 'ipv6' {
  return family === 'IPv4' ? 'ipv4' : 'ipv6'
}
