import type { IncomingMessage } from 'node:http'

/**
 * Makes of what was asked for something that has an address on the web. A health check names no host, a broken client an odd one;
 * `OPTIONS *` asks for no path. The originals ask the application all the same, with their own address for the host.
 */
export function repairTarget(request: IncomingMessage): void {
  const { headers, socket, url = '' } = request
  headers.host = host(headers.host ?? '') ?? ownHost(socket.localAddress, socket.localPort)
  request.url = path(url)
}

/** A host as the web writes it, or nothing when it is none. */
function host(typed: string): string | undefined {
  if (typed === '' || /[\s/?#@\\]/.test(typed)) return undefined
  return parse(`http://${typed}/`)?.host
}

/** Where the request came in. A unix socket has no address. */
function ownHost(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return 'localhost'
  return `${address.includes(':') ? `[${address}]` : address}:${port ?? 80}`
}

function path(typed: string): string {
  const parts = parse(typed)
  const own = parts?.host ? parts.pathname + parts.search : typed
  // For the web a backslash is a slash: as it was typed it is one more character.
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
