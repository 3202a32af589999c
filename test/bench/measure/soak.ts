import { draw } from '../../../simulator/manager/random.ts'
import { seed as seedOfRun } from '../../setup/seed.ts'
import { until } from '../../node/real/processes.ts'
import { oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { Load } from '../load/load.ts'
import type { LoadReport } from '../load/report.ts'
import { descriptorsOf, pss } from '../processes.ts'
import { Server } from '../server.ts'
import { FAULTS, type Ground } from '../soak/faults.ts'

const SECONDS = 600
const WORKERS = 3

/** The load ends by itself so long after the last fault should have, in seconds. */
const LATE_S = 300

/** On a machine that does other things too nobody is ended for being slow. uvicorn waits so long for a worker that is dead, too. */
const PATIENT: Readonly<Record<string, readonly string[]>> = {
  uvicorn: ['--log-level', 'critical', '--timeout-worker-healthcheck', '10'],
  gunicorn: ['--log-level', 'critical', '--timeout', '120'],
}

/** Random faults for ten minutes under load, both managers beside each other: what is lost, and what grows. */
export const soak: Measure = async (bench) => {
  const seed = seedOfRun ?? Date.now() % 2 ** 31
  bench.tell(`SEED=${seed}`)
  const contestants = [
    oursUvicorn('listener', PATIENT['uvicorn']),
    oursGunicorn('listener', PATIENT['gunicorn']),
  ]
  // Each ends its server, also when the other one has failed.
  const ends = await Promise.allSettled(
    contestants.map((contestant, i) => soaked(bench, contestant, seed + i)),
  )
  return ends.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}

/** What a server at rest uses. */
interface Rest {
  readonly parent: number
  /** The worker that has most. */
  readonly workers: number
  readonly processes: number
}

async function soaked(bench: Bench, contestant: Contestant, seed: number): Promise<readonly Line[]> {
  const { name } = contestant
  const seconds = SECONDS * bench.scale
  const server = await Server.ready(contestant, WORKERS)
  const order = { port: server.port, connections: 6, seconds: seconds + LATE_S }
  const ground: Ground = { server, workers: WORKERS, chance: chanceOf(seed), killed: new Set(), own: 0 }
  try {
    const loaded = () => [true, false].map((keepAlive) => new Load({ ...order, keepAlive }))
    const warming = loaded()
    for (const load of warming) await load.reaches(1000, 60)
    for (const load of warming) await load.end()
    const before = await rest(server)
    const loads = loaded()
    const counts: Record<string, number> = {}
    const memory: number[] = []
    const since = performance.now()
    const passed = () => (performance.now() - since) / 1000
    while (passed() < seconds) {
      const names = Object.keys(FAULTS)
      const fault = names[Math.floor(ground.chance() * names.length)] ?? ''
      bench.tell(`${name}, ${Math.round(passed())} s: ${fault}`)
      await FAULTS[fault]?.(ground)
      counts[fault] = (counts[fault] ?? 0) + 1
      memory.push(pss(server.pid))
      // Each fault meets requests.
      for (const load of loads) await load.reaches(load.answered + 50, 60)
    }
    const reports = await Promise.all(loads.map((load) => load.end()))
    const after = await rest(server)
    const faults = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const answered = reports.reduce((sum, report) => sum + report.answered, 0)
    const of = `${Math.round(seconds)} s; ${faults} faults; ${answered} requests; ${ground.own} connections of killed workers`
    const line = (id: string, what: string, unit: Line['unit'], ours: number, atMost: number): Line => ({
      id: `soak-${id}-${name.split(' ')[1]}`,
      what: `Random faults under load: ${what} (${name})`,
      unit,
      ours,
      goal: { atMost },
      of,
    })
    return [
      line(
        'lost',
        'requests lost outside of killed workers’ own connections',
        'requests',
        lost(ground, reports),
        0,
      ),
      line(
        'memory',
        'what the parent’s memory (PSS) has grown by since the first quarter',
        'MB',
        growth(memory),
        5,
      ),
      line(
        'descriptors',
        'descriptors more than before, of the parent or a worker',
        'descriptors',
        Math.max(after.parent - before.parent, after.workers - before.workers),
        0,
      ),
      line('processes', 'processes more than before', 'processes', after.processes - before.processes, 0),
    ]
  } finally {
    await server.end()
  }
}

/** Failures that no kill explains: of connections that were refused, of workers that were not killed, and of more than those had open. */
function lost({ killed, own }: Ground, reports: readonly LoadReport[]): number {
  let explained = 0
  let others = 0
  for (const { failed, failures } of reports) {
    explained += failed - failures.length
    for (const { pid, reason } of failures) {
      if (reason === 'ECONNREFUSED' || (pid !== undefined && !killed.has(pid))) others += 1
      else explained += 1
    }
  }
  return others + Math.max(0, explained - own)
}

/** The least of the last quarter of the samples, beyond the least of the second: garbage comes and goes. */
function growth(samples: readonly number[]): number {
  const quarter = samples.length / 4
  const second = samples.slice(Math.floor(quarter), Math.ceil(2 * quarter))
  return Math.min(...samples.slice(Math.floor(3 * quarter))) - Math.min(...second)
}

/** What is open when nothing happens: descriptors of what was just closed are given time. */
async function rest(server: Server): Promise<Rest> {
  let last = used(server)
  let same = 0
  await until(
    () => {
      const now = used(server)
      same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
      last = now
      return same >= 10
    },
    60,
    'it was at rest',
    100,
  )
  return last
}

function used(server: Server): Rest {
  return {
    parent: descriptorsOf(server.pid),
    workers: Math.max(...server.workerProcesses.map(descriptorsOf)),
    processes: server.processes.length,
  }
}

/** Chance that is the same for the same seed. */
function chanceOf(first: number): () => number {
  let seed = first
  return () => {
    const drawn = draw(seed)
    seed = drawn.seed
    return drawn.value
  }
}
