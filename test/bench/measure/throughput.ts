import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { bareShared, cluster, oursUvicorn, plain, type Contestant } from '../contestants.ts'
import type { Bench, Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { Load } from '../load/load.ts'
import { Server } from '../server.ts'
import { median, medianRatio } from '../statistics.ts'

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
    const ours: number[] = []
    const theirs: number[] = []
    // One process of the same program is quicker than another, for as long as it lives: many, each for a while, now this one first,
    // now that one.
    for (let start = 0; start < rounds(bench, 12); start++) {
      const contestants = [oursUvicorn(shape), plain(shape)]
      if (start % 2 === 1) contestants.reverse()
      const rates = [...(await inTurns({ ...bench, scale: 1 }, 3, 1, contestants, 1, { keepAlive: true }))]
      if (start % 2 === 1) rates.reverse()
      ours.push(...(rates[0] ?? []))
      theirs.push(...(rates[1] ?? []))
    }
    lines.push({
      id: `throughput-one-${shape}`,
      what: `Requests per second of one worker, ${what}, in times of plain \`node:http\` with it`,
      unit: 'x',
      ours: medianRatio(ours, theirs),
      goal: { atLeast: 0.95 },
    })
  }
  lines.push(await twoCores(bench))
  lines.push(...(await beside(bench, false)), ...(await beside(bench, true)))
  return lines
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
  const ratio: Line = {
    id: 'throughput-close-cluster',
    what: 'Requests per second of four workers, a connection each, in times of `node:cluster`',
    unit: 'x',
    ours: medianRatio(ours, theirs),
    goal: { atLeast: 1.7 },
    beside: Object.fromEntries(
      contestants.slice(2).map(({ name }, i) => [name, medianRatio(rates[i + 2] ?? [], theirs)]),
    ),
  }
  return [ratio, absolute]
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
      const rate = await load(server.port, seconds, way)
      if (round >= 0) rates[i]?.push(rate)
    }
  }
  return rates
}

/** Answers per second. */
async function load(
  port: number,
  seconds: number,
  { keepAlive, path = '/', connections = 64 }: Way,
): Promise<number> {
  if (generator !== 'wrk') {
    const report = await new Load({ port, path, connections, keepAlive, seconds }).report()
    return report.answered / report.seconds
  }
  const closing = keepAlive ? [] : ['-H', 'Connection: close']
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, ...closing, `http://127.0.0.1:${port}${path}`]
  const text = execFileSync(WRK, words, { encoding: 'utf8', timeout: (seconds + 30) * 1000 })
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1])
}
