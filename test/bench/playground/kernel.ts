import { busy, play } from '../busy.ts'
import type { Line } from '../line.ts'

/** What one stretch of a long game cost. */
interface Stretch {
  readonly events: number
  /** Processor time, in ms: a busy computer makes it take longer, not more. */
  readonly cpu: number
  /** Resident memory at its end, in MB. */
  readonly memory: number
}

const STRETCHES = 10

/** So many events of a busy server, in ten stretches. */
async function stretchesOf(events: number): Promise<readonly Stretch[]> {
  const kernel = await busy()
  const stretches: Stretch[] = []
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const before = process.cpuUsage()
    await play(kernel, events / STRETCHES)
    const { user, system } = process.cpuUsage(before)
    const memory = process.memoryUsage.rss() / 1_000_000
    stretches.push({ events: events / STRETCHES, cpu: (user + system) / 1000, memory })
  }
  return stretches
}

/** The virtual host with scripted processes: how fast, whether it stays so, and what it keeps. */
export async function kernel(events: number): Promise<readonly Line[]> {
  await stretchesOf(events / 100)
  const stretches = await stretchesOf(events)
  const all = stretches.reduce((sum, { cpu }) => sum + cpu, 0)
  const [first, second] = stretches
  const last = stretches.at(-1)
  if (first === undefined || second === undefined || last === undefined) throw new Error('nothing was played')
  const of = `${events.toLocaleString('en')} events`
  return [
    {
      id: 'kernel-events',
      what: 'Events of the virtual host in a second of processor time',
      unit: 'events/s',
      ours: events / (all / 1000),
      goal: { atLeast: 200_000 },
      of,
    },
    {
      id: 'kernel-linear',
      what: 'Cost of the last tenth of them to that of the second',
      unit: 'x',
      ours: last.cpu / second.cpu,
      goal: { atMost: 1.25 },
      of,
    },
    {
      id: 'kernel-memory',
      what: 'Growth of resident memory from the second tenth to the last',
      unit: 'x',
      ours: last.memory / second.memory,
      goal: { atMost: 1.5 },
      of: `${second.memory.toFixed(0)} MB, then ${last.memory.toFixed(0)} MB`,
    },
  ]
}
