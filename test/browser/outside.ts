/** A server that accepts every connection: what does not reach it was blocked by the sandbox, not by the server. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server outside the page. */
export interface Outside {
  readonly site: string
  /** How many connections it has had since this was last set. */
  connections: number
  close(): Promise<void>
}

/** Starts one on a free port of this machine. */
export async function openOutside(): Promise<Outside> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
    response.end('globalThis.loaded = true')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const outside: Outside = {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connections: 0,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  server.on('connection', () => outside.connections++)
  return outside
}
