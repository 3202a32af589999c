import { lives, processInfo, processorTime, until } from '../../node/real/processes.ts'
import { cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { endAll } from '../processes.ts'
import { Server, answerOf } from '../server.ts'

const WORKERS = 4

/** The manager killed with -9, a worker in a busy loop and another one frozen: until when anything of it is left. */
export const orphans: Measure = async (bench) => {
  const beside: Record<string, number> = {}
  for (const peer of [cluster, ...bench.peers]) beside[peer.name] = await gone(bench, peer)
  const lines: Line[] = []
  for (const contestant of [oursUvicorn(), oursGunicorn()]) {
    lines.push({
      id: `orphans-${contestant.name.split(' ')[1]}`,
      what: `The parent killed with -9, a worker busy, another frozen: all gone after (${contestant.name}, the slowest)`,
      unit: 'ms',
      ours: await gone(bench, contestant),
      goal: { atMost: 1000 },
      beside,
    })
  }
  return lines
}

/** In ms; infinite when five seconds later somebody is still there. */
async function gone(bench: Bench, contestant: Contestant): Promise<number> {
  let slowest = 0
  for (let round = 1; round <= rounds(bench, 5); round++) {
    bench.tell(`${contestant.name}, round ${round}`)
    slowest = Math.max(slowest, await once(contestant))
    if (slowest === Number.POSITIVE_INFINITY) break
  }
  return slowest
}

async function once(contestant: Contestant): Promise<number> {
  const server = await Server.ready(contestant, WORKERS)
  const workers = server.workerProcesses
  const all = server.processes
  try {
    const used = new Map(workers.map((pid) => [pid, processorTime(pid)]))
    void answerOf(server.port, '/busy')
    const busy = () => workers.find((pid) => processorTime(pid) - (used.get(pid) ?? 0) > 0.15)
    await until(() => busy() !== undefined, 5, 'one of them was busy')
    const frozen = workers.find((pid) => pid !== busy()) ?? 0
    process.kill(frozen, 'SIGSTOP')
    await until(() => processInfo(frozen)?.state === 'T', 5, 'another one was frozen')
    const since = performance.now()
    process.kill(server.pid, 'SIGKILL')
    const left = await until(() => !all.some(lives), 5, 'nothing was left', 2).then(
      () => false,
      () => true,
    )
    return left ? Number.POSITIVE_INFINITY : performance.now() - since
  } finally {
    await endAll(all)
    await server.end()
  }
}
