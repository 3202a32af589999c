import { join } from 'node:path'
import { childrenOf, until } from '../../node/real/processes.ts'
import { NODE } from '../../node/real/command.ts'
import { APPS, cluster, oursGunicorn, oursUvicorn, type Contestant } from '../contestants.ts'
import type { Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { family, pss } from '../processes.ts'
import { Server } from '../server.ts'
import { median } from '../statistics.ts'

const WORKERS = 4

/** A parent that does nothing, and forks with an idle server of `node:http`. */
const bare: Contestant = {
  name: 'bare processes',
  launch: () => ({ file: NODE, args: [join(APPS, 'fork-parent.mjs'), `${WORKERS}`] }),
}

/** The memory of the parent and of a worker at rest, beside bare processes. */
export const memory: Measure = async (bench) => {
  const contestants = [bare, oursUvicorn(), oursGunicorn(), cluster, ...bench.peers]
  const found = new Map<string, Sample[]>()
  for (let round = 0; round < rounds(bench, 3); round++) {
    for (const contestant of contestants) {
      bench.tell(`${contestant.name}, round ${round + 1}`)
      found.set(contestant.name, [...(found.get(contestant.name) ?? []), await measured(contestant)])
    }
  }
  const of = (name: string, part: keyof Sample) =>
    median((found.get(name) ?? []).map((sample) => sample[part]))
  const line = (name: string, part: keyof Sample, what: string, more: number): Line => ({
    id: `memory-${part}-${name.split(' ')[1]}`,
    what: `${what} (${name})`,
    unit: 'MB',
    ours: of(name, part),
    goal: { atMost: of(bare.name, part) + more },
    beside: Object.fromEntries(
      contestants.filter((other) => other.name !== name).map((other) => [other.name, of(other.name, part)]),
    ),
  })
  return [oursUvicorn().name, oursGunicorn().name].flatMap((name) => [
    line(name, 'parent', 'Memory of the parent, idle (PSS); goal: a bare process and 4 MB', 4),
    line(name, 'worker', 'Memory of a worker, idle (PSS); goal: a bare fork with `http` and 4 MB', 4),
  ])
}

interface Sample {
  readonly parent: number
  readonly worker: number
}

async function measured(contestant: Contestant): Promise<Sample> {
  const server = await Server.start(contestant, WORKERS)
  // Bare forks answer nobody, and listen when their channel is quiet.
  if (contestant === bare)
    await until(() => childrenOf(server.pid).length === WORKERS, 10, 'all forks were there')
  else await server.allAnswered()
  await rest()
  const workers = family(server.pid)
    .slice(1)
    .map(pss)
    .toSorted((a, b) => b - a)
    .slice(0, WORKERS)
  const sample = { parent: pss(server.pid), worker: workers.reduce((sum, mb) => sum + mb, 0) / WORKERS }
  await server.end()
  return sample
}

/** What is used only at the start is given back by then. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3000))
}
