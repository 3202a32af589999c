import { lives, until } from '../../node/real/processes.ts'
import { cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { Load } from '../load/load.ts'
import type { LoadReport } from '../load/report.ts'
import { Server } from '../server.ts'

const WORKERS = 2
const CONNECTIONS = 32
const RELOADS = 20
const REQUESTS = 100_000

/** Requests that fail while a server reloads again and again under load. */
export const reload: Measure = async (bench) => {
  const lines: Line[] = []
  const peers = [cluster, ...bench.peers].filter((peer) => peer.reload !== undefined)
  for (const keepAlive of [true, false]) {
    const beside: Record<string, number> = {}
    for (const peer of peers) beside[peer.name] = (await reloaded(bench, peer, keepAlive)).failed
    for (const contestant of [oursUvicorn(), oursGunicorn()]) {
      const { failed, answered } = await reloaded(bench, contestant, keepAlive)
      const how = keepAlive ? 'keep-alive' : 'a connection each'
      lines.push({
        id: `reload-${contestant.name.split(' ')[1]}-${keepAlive ? 'keep-alive' : 'close'}`,
        what: `Failed requests in ${rounds(bench, RELOADS)} reloads, ${how} (${contestant.name})`,
        unit: 'requests',
        ours: failed,
        goal: { atMost: 0 },
        beside,
        of: `${answered + failed} requests`,
      })
    }
  }
  return lines
}

async function reloaded(bench: Bench, contestant: Contestant, keepAlive: boolean): Promise<LoadReport> {
  const server = await Server.ready(contestant, WORKERS)
  const load = new Load({ port: server.port, connections: CONNECTIONS, keepAlive, seconds: 1800 })
  try {
    for (let i = 1; i <= rounds(bench, RELOADS); i++) {
      bench.tell(`${contestant.name}, ${keepAlive ? 'keep-alive' : 'close'}, reload ${i}`)
      const before = server.workerProcesses
      const answered = load.answered
      server.reload()
      await until(() => !before.some(lives), 60, 'the workers were replaced')
      await until(() => load.answered > answered + 500, 60, 'requests were answered again')
    }
    await until(() => load.answered >= rounds(bench, REQUESTS), 600, 'there were enough requests')
    return await load.end()
  } finally {
    await server.end()
  }
}
