import { createServer } from 'node:net'

/** Ports of four digits, as in the recordings: fastapi-cli wraps its lines by them. Each test process has its own. */
const FIRST = 3000
const COUNT = 3000
const place = (Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % 2
/** Of these, the ports that the fetch standard blocks: no browser and no `fetch` or `WebSocket` of Node connects to them. */
const BLOCKED = new Set([3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697])
let next = Math.floor(Math.random() * COUNT)

/** A port that nobody listens on. None is given twice within 3000. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + place * COUNT + (next++ % COUNT)
    if (!BLOCKED.has(port) && (await isFree(port))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '0.0.0.0', port }, () => server.close(() => resolve(true)))
  })
}
