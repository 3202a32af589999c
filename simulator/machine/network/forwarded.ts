import { valuesOf, type HeaderList } from './headers.ts'

/** What an application server considers the client of a request that came through a proxy. */
export interface ForwardedClient {
  readonly scheme: 'http' | 'https'
  /** The client's address; `undefined`: the address of the connection's peer. */
  readonly client: string | undefined
  /** Whether the server trusted the headers; `undefined` when there were none. */
  readonly trusted: boolean | undefined
}

/**
 * uvicorn's `ProxyHeadersMiddleware` (0.51.0): trusts `X-Forwarded-Proto` and `-For` when they come from an allowed address.
 * @param allowed addresses separated by commas, or `*` for any
 */
export function seenThroughProxy(headers: HeaderList, from: string, allowed: string): ForwardedClient {
  const proto = valuesOf(headers, 'x-forwarded-proto').at(-1)
  const chains = valuesOf(headers, 'x-forwarded-for')
  const chain = chains.length === 0 ? undefined : chains.join(', ')
  if (proto === undefined && chain === undefined)
    return { scheme: 'http', client: undefined, trusted: undefined }
  const hosts = allowed.split(',').map((host) => host.trim())
  const all = hosts.includes('*')
  if (!all && !hosts.includes(from)) return { scheme: 'http', client: undefined, trusted: false }
  const claimed = chain?.split(',').map((host) => host.trim()) ?? []
  const client = all ? claimed[0] : (claimed.findLast((host) => !hosts.includes(host)) ?? claimed[0])
  return { scheme: proto === 'https' || proto === 'wss' ? 'https' : 'http', client, trusted: true }
}
