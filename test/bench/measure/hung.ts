import { lives, until } from '../../node/real/processes.ts'
import { oursGunicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { Load } from '../load/load.ts'
import { socketsOf } from '../processes.ts'
import { Server, answerOf } from '../server.ts'

const WORKERS = 4
const TIMEOUT_S = 2
/** gunicorn's workers say that they live once a second, when the timeout is two. */
const HEARTBEAT_S = 1

/** A worker in a busy loop: what it costs the others, and when it is gone. */
export const hung: Measure = async (bench) => {
  const contestant = oursGunicorn('listener', ['--timeout', `${TIMEOUT_S}`])
  const results: { ms: number; beyond: number }[] = []
  for (let round = 1; round <= rounds(bench, 3); round++) results.push(await hang(bench, contestant, round))
  const worst = (part: 'ms' | 'beyond') => Math.max(...results.map((result) => result[part]))
  return [
    {
      id: 'hung-gone',
      what: `A worker in a busy loop is gone after, with \`--timeout ${TIMEOUT_S}\` (${oursGunicorn().name}, the slowest)`,
      unit: 'ms',
      ours: worst('ms'),
      goal: { atMost: (TIMEOUT_S + HEARTBEAT_S) * 1000 },
    },
    {
      id: 'hung-others',
      what: 'Failed requests of the others meanwhile',
      unit: 'requests',
      ours: worst('beyond'),
      goal: { atMost: 0 },
    },
  ] satisfies readonly Line[]
}

async function hang(
  bench: Bench,
  contestant: Contestant,
  round: number,
): Promise<{ ms: number; beyond: number }> {
  bench.tell(`${contestant.name}, round ${round}`)
  const server = await Server.ready(contestant, WORKERS)
  try {
    const workers = server.workerProcesses
    const idle = new Map(workers.map((worker) => [worker, socketsOf(worker)]))
    const load = new Load({ port: server.port, connections: 16, keepAlive: false, seconds: 60 })
    await until(() => load.answered > 500, 20, 'they answered')
    const since = performance.now()
    void answerOf(server.port, '/busy')
    // What was accepted together with the request that hangs it, hangs with it.
    let own = new Map<number, number>()
    const gone = () => {
      const pid = workers.find((worker) => !lives(worker))
      if (pid === undefined)
        own = new Map(workers.map((worker) => [worker, socketsOf(worker) - (idle.get(worker) ?? 0)]))
      return pid
    }
    await until(() => gone() !== undefined, TIMEOUT_S * 10, 'it was gone', 50)
    const ms = performance.now() - since
    const { failed } = await load.end()
    return { ms, beyond: Math.max(0, failed - (own.get(gone() ?? 0) ?? 0)) }
  } finally {
    await server.end()
  }
}
