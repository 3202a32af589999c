import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { bareShared, cluster, oursUvicorn, plain, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { Load } from '../load/load.ts'
import { threadTime } from '../processes.ts'
import { Server } from '../server.ts'
import { median, medianRatio, percentile } from '../statistics.ts'

const WRK = '/usr/bin/wrk'

/** What makes the load: wrk where it is installed, for it costs less than a client in Node can. */
export const generator = existsSync(WRK) ? 'wrk' : 'our own client'

interface Way {
  readonly keepAlive: boolean
  readonly path?: string
  readonly connections?: number
}

/** Requests per second, of one worker beside plain `node:http`, of two on two cores, and with a connection for each request. */
export const throughput: Measure = async (bench) => {
  const lines: Line[] = []
  for (const shape of ['app', 'listener'] as const) {
    const what = shape === 'app' ? 'a web-standard handler' : 'a `(req, res)` listener'
    const pairs = await pairsOf(bench, 16, [oursUvicorn(shape), plain(shape)], 1)
    lines.push({
      id: `throughput-one-${shape}`,
      what: `Requests per second of one worker’s processor time, ${what}, in times of plain \`node:http\` with it`,
      unit: 'x',
      ours: median(pairs.map(({ processor }) => processor)),
      goal: { atLeast: 0.95 },
      beside: { 'by the clock': median(pairs.map(({ clock }) => clock)) },
      of: spread(pairs.map(({ processor }) => processor)),
    })
  }
  lines.push(await twoCores(bench))
  lines.push(...(await beside(bench, false)), ...(await beside(bench, true)))
  return lines
}

/** How many times the requests of one server are those of the other, in a second of the clock and of processor time. */
interface Pair {
  readonly clock: number
  readonly processor: number
}

/**
 * Two contestants with one process each, again and again. One process of the same program is quicker than another for as long as it lives,
 * so there are many pairs, each loaded in turns: ours, theirs, theirs, ours. Processor time is what a machine that is busy does not change.
 */
async function pairsOf(
  bench: Bench,
  count: number,
  contestants: readonly [Contestant, Contestant],
  seconds: number,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = []
  for (let round = 0; round < rounds(bench, count); round++) {
    const [ours, theirs] = [await Server.ready(contestants[0], 1), await Server.ready(contestants[1], 1)]
    const sums = {
      ours: { answered: 0, clock: 0, processor: 0 },
      theirs: { answered: 0, clock: 0, processor: 0 },
    }
    const order =
      round % 2 === 0
        ? (['ours', 'theirs', 'theirs', 'ours'] as const)
        : (['theirs', 'ours', 'ours', 'theirs'] as const)
    // The first turn warms the compiler up.
    for (const turn of [-1, 0]) {
      for (const who of order) {
        const server = who === 'ours' ? ours : theirs
        const before = threadTime(server.pid)
        const loaded = await load(server.port, seconds, { keepAlive: true })
        if (turn < 0) continue
        sums[who].answered += loaded.answered
        sums[who].clock += loaded.seconds
        sums[who].processor += threadTime(server.pid) - before
      }
    }
    await Promise.all([ours.end(), theirs.end()])
    const times = (of: 'clock' | 'processor') =>
      sums.ours.answered / sums.ours[of] / (sums.theirs.answered / sums.theirs[of])
    const pair = { clock: times('clock'), processor: times('processor') }
    bench.tell(
      `${contestants[0].name}, pair ${round + 1}: ${pair.processor.toFixed(3)} (by the clock ${pair.clock.toFixed(3)})`,
    )
    pairs.push(pair)
  }
  return pairs
}

/** In which range the middle half of the ratios lies. */
function spread(ratios: readonly number[]): string {
  const [low, high] = [percentile(ratios, 0.25), percentile(ratios, 0.75)].map((ratio) => ratio.toFixed(2))
  return `${ratios.length} pairs of processes, the middle half ${low} to ${high}`
}

/** The same work for each request: two processors do twice as much. */
async function twoCores(bench: Bench): Promise<Line> {
  const one = await Server.ready(oursUvicorn('listener'), 1)
  const two = await Server.ready(oursUvicorn('listener'), 2)
  const rates = await slices(bench, 7, 2, [two, one], { keepAlive: false, path: '/compute', connections: 8 })
  await Promise.all([one.end(), two.end()])
  return {
    id: 'throughput-two-cores',
    what: 'Requests that calculate for 10 ms: two workers in times of one',
    unit: 'x',
    ours: medianRatio(rates[0] ?? [], rates[1] ?? []),
    goal: { atLeast: 1.9 },
  }
}

/** Four workers beside others with four. */
async function beside(bench: Bench, keepAlive: boolean): Promise<readonly Line[]> {
  const contestants = [oursUvicorn(), cluster, bareShared, ...bench.peers]
  const rates = await inTurns(bench, 5, 2, contestants, 4, { keepAlive })
  const [ours = [], theirs = []] = rates
  const how = keepAlive ? 'keep-alive' : 'a connection each'
  const medians = contestants.map(({ name }, i): [string, number] => [name, median(rates[i] ?? [])])
  const absolute: Line = {
    id: `throughput-four-${keepAlive ? 'keep-alive' : 'close'}`,
    what: `Requests per second of four workers, ${how}`,
    unit: 'requests/s',
    ours: median(ours),
    beside: Object.fromEntries(medians.slice(1)),
  }
  if (keepAlive) return [absolute]
  const bare = rates[contestants.indexOf(bareShared)] ?? []
  const againstBare: Line = {
    id: 'throughput-close-bare',
    what: 'Requests per second of four workers, a connection each, in times of bare processes on one socket',
    unit: 'x',
    ours: medianRatio(ours, bare),
    goal: { atLeast: 0.97 },
  }
  const ratio: Line = {
    id: 'throughput-close-cluster',
    what: 'Requests per second of four workers, a connection each, in times of `node:cluster`',
    unit: 'x',
    ours: medianRatio(ours, theirs),
    beside: Object.fromEntries(
      contestants.slice(2).map(({ name }, i) => [name, medianRatio(rates[i + 2] ?? [], theirs)]),
    ),
  }
  return [againstBare, ratio, absolute]
}

/** Starts them all, and loads one after the other, again and again. */
async function inTurns(
  bench: Bench,
  count: number,
  seconds: number,
  contestants: readonly Contestant[],
  workers: number,
  way: Way,
): Promise<readonly [number[], number[], ...number[][]]> {
  const servers: Server[] = []
  for (const contestant of contestants) servers.push(await Server.ready(contestant, workers))
  const rates = await slices(bench, count, seconds, servers, way)
  for (const server of servers) await server.end()
  return rates as [number[], number[], ...number[][]]
}

async function slices(
  bench: Bench,
  count: number,
  seconds: number,
  servers: readonly Server[],
  way: Way,
): Promise<readonly number[][]> {
  const rates = servers.map((): number[] => [])
  // The first two warm the compiler up.
  for (let round = -2; round < rounds(bench, count); round++) {
    for (const [i, server] of servers.entries()) {
      bench.tell(`${server.contestant.name}, round ${round}`)
      const loaded = await load(server.port, seconds, way)
      if (round >= 0) rates[i]?.push(loaded.answered / loaded.seconds)
    }
  }
  return rates
}

/** What was answered, and how long that took. */
interface Loaded {
  readonly answered: number
  readonly seconds: number
}

async function load(
  port: number,
  seconds: number,
  { keepAlive, path = '/', connections = 64 }: Way,
): Promise<Loaded> {
  if (generator !== 'wrk') return new Load({ port, path, connections, keepAlive, seconds }).report()
  const closing = keepAlive ? [] : ['-H', 'Connection: close']
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, ...closing, `http://127.0.0.1:${port}${path}`]
  const text = execFileSync(WRK, words, { encoding: 'utf8', timeout: (seconds + 30) * 1000 })
  const answered = Number(/(\d+) requests in/.exec(text)?.[1])
  return { answered, seconds: answered / Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]) }
}
