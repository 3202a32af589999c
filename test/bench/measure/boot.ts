import { spawnSync } from 'node:child_process'
import { NODE } from '../../node/real/command.ts'
import { bareShared, cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { Server } from '../server.ts'
import { medianRatio, median } from '../statistics.ts'

const WORKERS = 4
const BARE = 'node -e 0'

/** From the start of the command until each of four workers has answered, beside `node -e 0` and the others. */
export const boot: Measure = async (bench) => {
  const contestants = [oursUvicorn(), oursGunicorn(), bareShared, cluster, ...bench.peers]
  const times = new Map<string, number[]>(
    [BARE, ...contestants.map(({ name }) => name)].map((name) => [name, []]),
  )
  // One round more: in the first one the compile cache is written and files are read from the disk.
  for (let round = 0; round <= rounds(bench, 9); round++) {
    bench.tell(`round ${round}`)
    const bare = timeOf(NODE, '-e', '0')
    if (round > 0) times.get(BARE)?.push(bare)
    for (const contestant of contestants) {
      const ms = await bootTime(contestant)
      if (round > 0) times.get(contestant.name)?.push(ms)
    }
  }
  const of = (name: string) => times.get(name) ?? []
  const all = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]))
  const lines = [oursUvicorn(), oursGunicorn()].map(({ name }): Line => {
    const { [name]: _, ...beside } = all
    return {
      id: `boot-${name.split(' ')[1]}`,
      what: `Four workers have answered, in times of \`node -e 0\` (${name})`,
      unit: 'x',
      ours: medianRatio(of(name), of(BARE)),
      beside: Object.fromEntries(
        Object.keys(beside).map((other) => [other, medianRatio(of(other), of(BARE))]),
      ),
    }
  })
  const againstBare = [oursUvicorn(), oursGunicorn()].map(({ name }): Line => ({
    id: `boot-bare-${name.split(' ')[1]}`,
    what: `Four workers have answered, in times of ${bareShared.name} (${name})`,
    unit: 'x',
    ours: medianRatio(of(name), of(bareShared.name)),
    goal: { atMost: 1.12 },
  }))
  const ours = oursUvicorn().name
  const against = ({ name }: Contestant, atMost: number): Line => ({
    id: `boot-against-${name.split(' ')[0]}`,
    what: `… in times of ${name}`,
    unit: 'x',
    ours: medianRatio(of(ours), of(name)),
    goal: { atMost },
  })
  const absolute: Line = {
    id: 'boot-ms',
    what: 'Four workers have answered after',
    unit: 'ms',
    ours: median(of(ours)),
    beside: Object.fromEntries(Object.entries(all).filter(([name]) => name !== ours)),
  }
  const named = (start: string) => bench.peers.filter(({ name }) => name.startsWith(start))
  return [
    ...lines,
    ...againstBare,
    absolute,
    ...named('uvicorn').map((peer) => against(peer, 1 / 3)),
    ...named('pm2').map((peer) => against(peer, 1 / 4)),
  ]
}

async function bootTime(contestant: Contestant): Promise<number> {
  const since = performance.now()
  const server = await Server.start(contestant, WORKERS)
  await server.allAnswered()
  const ms = performance.now() - since
  await server.end()
  return ms
}

/** How long a program takes from start to end, in ms. */
export function timeOf(file: string, ...args: readonly string[]): number {
  const since = performance.now()
  spawnSync(file, args, { stdio: 'ignore' })
  return performance.now() - since
}
