import { CertificateStore } from '../../../../simulator/host/virtual/certificates.ts'
import { ReverseProxy } from '../../../../simulator/host/virtual/proxy.ts'
import type { ProxySettings } from '../../../../simulator/machine/network/api.ts'
import { AUTHORITY, DAY } from '../../../../simulator/machine/network/certificates.ts'
import { headerOf } from '../../../../simulator/machine/network/headers.ts'
import type { ClientRequest } from '../../../../simulator/machine/system.ts'
import { born, surroundings } from './support.ts'

export const SITE = { name: 'shop.example', upstream: '127.0.0.1:8000' }
export const PLAIN: ProxySettings = { sites: [SITE], automatic: false, plain: true }
export const TLS: ProxySettings = { sites: [SITE], automatic: false }
export const REQUEST = {
  host: '127.0.0.1',
  port: 80,
  method: 'GET',
  target: '/',
  headers: [['Host', SITE.name]],
} as const

/** A proxy in front of servers that a test makes. */
export function proxied() {
  const parts = surroundings()
  const { clock, network, processes } = parts
  parts.dns.set(SITE.name, '127.0.0.1')
  const certificates = new CertificateStore(parts)
  const proxy = new ReverseProxy({ ...parts, certificates })
  /** A server behind the proxy; it answers after `ms`, the head at once. */
  const upstream = (
    port = 8000,
    { status = 200, ms = 0, headFirst = false, keepAlive = 0, backlog = 100 } = {},
  ) => {
    const process = born(processes)
    const requests: ClientRequest[] = []
    network.listeners.bind(process.pid, [{ kind: 'tcp', host: '127.0.0.1', port }], backlog)
    const server = network.serve(process, {
      keepAlive,
      onConnection(connection) {
        server.connections.set(connection.id, connection)
        requests.push(connection.request)
        const head = () => {
          connection.headSent = true
          connection.callbacks.onHead?.({ status, headers: [] })
        }
        if (headFirst) head()
        clock.after(ms, () => {
          if (connection.ended) return
          if (!headFirst) head()
          connection.callbacks.onBody?.('hello')
          network.endConnection(connection, 'answered', server)
        })
      },
    })
    server.accepting = true
    return { process, requests, server }
  }
  /** Sends a request; the answer are the status, the body and the end, as they come. */
  const ask = (request: Partial<ClientRequest> = {}) => {
    const seen: string[] = []
    network.request(
      { ...REQUEST, ...request },
      {
        onHead: ({ status, headers }) => seen.push([status, headerOf(headers, 'location')].join(' ').trim()),
        onBody: (text) => seen.push(text),
        onEnd: (end) => seen.push(end),
      },
    )
    return seen
  }
  const put = (name: string, issuer: string = AUTHORITY, notAfter = clock.date + DAY) =>
    certificates.put({ names: [name], issuer, notBefore: clock.date - DAY, notAfter, serial: '1' })
  return { ...parts, certificates, proxy, upstream, ask, put }
}
