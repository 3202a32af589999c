import { lives, until } from '../../node/real/processes.ts'
import { cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { peerName, rounds } from '../line.ts'
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
    for (const peer of peers) {
      const { failed, stuckAt } = await reloaded(bench, peer, keepAlive)
      beside[peerName(peer.name, stuckAt)] = failed
    }
    for (const contestant of [oursUvicorn(), oursGunicorn()]) {
      const { failed, answered, stuckAt } = await reloaded(bench, contestant, keepAlive)
      const how = keepAlive ? 'keep-alive' : 'a connection each'
      lines.push({
        id: `reload-${contestant.name.split(' ')[1]}-${keepAlive ? 'keep-alive' : 'close'}`,
        what: `Failed requests in ${rounds(bench, RELOADS)} reloads, ${how} (${contestant.name})`,
        unit: 'requests',
        ours: stuckAt === undefined ? failed : Infinity,
        goal: { atMost: 0 },
        beside,
        of: `${answered + failed} requests`,
      })
    }
  }
  return lines
}

/** `stuckAt`: the reload after which nothing was answered any more for a minute. */
interface Reloaded extends LoadReport {
  readonly stuckAt?: number
}

async function reloaded(bench: Bench, contestant: Contestant, keepAlive: boolean): Promise<Reloaded> {
  const server = await Server.ready(contestant, WORKERS)
  const load = new Load({ port: server.port, connections: CONNECTIONS, keepAlive, seconds: 1800 })
  try {
    for (let i = 1; i <= rounds(bench, RELOADS); i++) {
      bench.tell(`${contestant.name}, ${keepAlive ? 'keep-alive' : 'close'}, reload ${i}`)
      const before = server.workerProcesses
      const answered = load.answered
      server.reload()
      await until(() => !before.some(lives), 60, 'the workers were replaced')
      if (await load.reaches(answered + 500, 60)) continue
      // What waits for an answer fails now.
      await server.end()
      return { ...(await load.end()), stuckAt: i }
    }
    if (!(await load.reaches(rounds(bench, REQUESTS), 600))) bench.tell(`${contestant.name}: too few answers`)
    return await load.end()
  } finally {
    await server.end()
  }
}
