import type { IncomingMessage } from 'node:http'

/**
 * Repairs a request target that does not make a URL. A health check may send no host, a broken client a wrong one; `OPTIONS *` has no path.
 * The originals ask the application all the same, with their own address as the host.
 */
export function repairTarget(request: IncomingMessage): void {
  const { headers, socket, url = '' } = request
  headers.host = host(headers.host ?? '') ?? ownHost(socket.localAddress, socket.localPort)
  request.url = path(url)
}

/** A host as URLs write it, or `undefined` when it is not valid. */
function host(typed: string): string | undefined {
  if (typed === '' || /[\s/?#@\\]/.test(typed)) return undefined
  return parse(`http://${typed}/`)?.host
}

/** The address that the request came in on. A unix socket has none. */
function ownHost(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return 'localhost'
  return `${address.includes(':') ? `[${address}]` : address}:${port ?? 80}`
}

function path(typed: string): string {
  const parts = parse(typed)
  const own = parts?.host ? parts.pathname + parts.search : typed
  // In URLs a backslash becomes a slash; here it stays an ordinary character.
  const [before = '', query] = own.replace(/^[^/]/, '/$&').split(/(\?.*)/s)
  return before.replaceAll('\\', '%5C') + (query ?? '')
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
