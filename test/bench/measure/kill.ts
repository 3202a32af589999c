import { lives, processInfo, until } from '../../node/real/processes.ts'
import { cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { peerName, rounds } from '../line.ts'
import { Load } from '../load/load.ts'
import { connectionsOf } from '../processes.ts'
import { Server, answerOf } from '../server.ts'
import { median } from '../statistics.ts'

const WORKERS = 4
const CONNECTIONS = 32
const KILLS = 9

/** What `kill -9` costs: of one worker under load, and of all at once. */
export const kill: Measure = async (bench) => {
  const peers = [cluster, ...bench.peers]
  const lines: Line[] = []
  for (const keepAlive of [true, false]) {
    const beside: Record<string, number> = {}
    for (const peer of peers) {
      const { lost, stuckAt } = await lossOf(bench, peer, keepAlive)
      beside[peerName(peer.name, stuckAt)] = lost
    }
    for (const contestant of [oursUvicorn(), oursGunicorn()]) {
      const { lost, own, stuckAt } = await lossOf(bench, contestant, keepAlive)
      lines.push({
        id: `kill-${contestant.name.split(' ')[1]}-${keepAlive ? 'keep-alive' : 'close'}`,
        what: `\`kill -9\` of a worker: requests refused, or failed beyond its own open connections, ${keepAlive ? 'keep-alive' : 'a connection each'} (${contestant.name})`,
        unit: 'requests',
        ours: stuckAt === undefined ? lost : Infinity,
        goal: { atMost: 0 },
        beside,
        of: `${rounds(bench, KILLS)} times; ${own} open connections`,
      })
    }
  }
  return [...lines, ...(await killedAll(bench, peers))]
}

interface Loss {
  /** Failures beyond the open connections of the killed workers, and refused ones in any case. */
  readonly lost: number
  /** Connections that the killed workers had. */
  readonly own: number
  /** How many kills it took until nobody answered any more. */
  readonly stuckAt?: number
}

async function lossOf(bench: Bench, contestant: Contestant, keepAlive: boolean): Promise<Loss> {
  const server = await Server.ready(contestant, WORKERS)
  const load = new Load({ port: server.port, connections: CONNECTIONS, keepAlive, seconds: 300 })
  let own = 0
  const loss = async (): Promise<Loss> => {
    const { failed, failures } = await load.end()
    const refused = failures.filter(({ reason }) => reason === 'ECONNREFUSED').length
    return { lost: Math.max(refused, failed - own, 0), own }
  }
  try {
    for (let round = 1; round <= rounds(bench, KILLS); round++) {
      bench.tell(`${contestant.name}, kill ${round}`)
      const answers = await load.reaches(load.answered + 500, 30)
      // To count takes so long that one may be gone by then.
      const victim = server.workerProcesses
        .toSorted((a, b) => connectionsOf(b, server.port) - connectionsOf(a, server.port))
        .find(lives)
      if (victim === undefined || !answers) {
        // What waits for an answer fails now.
        await server.end()
        return { ...(await loss()), stuckAt: round - 1 }
      }
      // Stopped first, so that its connections can be counted.
      process.kill(victim, 'SIGSTOP')
      await until(() => processInfo(victim)?.state === 'T', 5, 'it was stopped')
      own += connectionsOf(victim, server.port)
      process.kill(victim, 'SIGKILL')
      await until(() => !lives(victim), 5, 'it was dead')
      await until(() => server.workerProcesses.length >= WORKERS, 15, 'it was replaced').catch(
        () => undefined,
      )
    }
    await load.reaches(load.answered + 500, 30)
    return await loss()
  } finally {
    await server.end()
  }
}

/** Every worker killed at once: a client that connects then is answered after so many ms, or never. */
async function killedAll(bench: Bench, peers: readonly Contestant[]): Promise<readonly Line[]> {
  const beside: Record<string, number> = {}
  for (const peer of peers) beside[peer.name] = await answeredAfter(bench, peer)
  const lines: Line[] = []
  for (const contestant of [oursUvicorn(), oursGunicorn()]) {
    lines.push({
      id: `kill-all-${contestant.name.split(' ')[1]}`,
      what: `All workers killed at once, then a client connects: answered after (${contestant.name})`,
      unit: 'ms',
      ours: await answeredAfter(bench, contestant),
      goal: { atMost: 30_000 },
      beside,
    })
  }
  return lines
}

async function answeredAfter(bench: Bench, contestant: Contestant): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds(bench, 5); round++) {
    bench.tell(`${contestant.name}, all killed, round ${round + 1}`)
    const server = await Server.ready(contestant, WORKERS)
    const workers = server.workerProcesses
    for (const pid of workers) process.kill(pid, 'SIGKILL')
    await until(() => !workers.some(lives), 5, 'all were dead')
    const since = performance.now()
    const patience = new Promise<undefined>((resolve) => setTimeout(resolve, 10_000, undefined))
    const answer = await Promise.race([answerOf(server.port, '/'), patience])
    times.push(answer === undefined ? Number.POSITIVE_INFINITY : performance.now() - since)
    await server.end()
  }
  // One client that is not answered is one too many.
  return times.includes(Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : median(times)
}
