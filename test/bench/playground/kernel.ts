import { machine, run } from '../../unit/machine/support.ts'
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

/** Clients that ask one request after the other, and a server with four scripted workers: so many events, in ten stretches. */
async function play(events: number): Promise<readonly Stretch[]> {
  const kernel = machine({ keep: 10_000 })
  run(kernel, 'uvicorn main:app --workers 4 --no-access-log')
  await kernel.runUntil(4000)
  const ask = (): void => {
    const request = { host: '127.0.0.1', port: 8000, method: 'GET', target: '/' }
    kernel.request(request, { onEnd: () => kernel.after(1, ask) })
  }
  for (let client = 0; client < 8; client++) ask()
  const stretches: Stretch[] = []
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const before = process.cpuUsage()
    const until = kernel.events + events / STRETCHES
    while (kernel.events < until) {
      const pending = kernel.step()
      if (pending !== undefined) await pending
    }
    const { user, system } = process.cpuUsage(before)
    const memory = process.memoryUsage.rss() / 1_000_000
    stretches.push({ events: events / STRETCHES, cpu: (user + system) / 1000, memory })
  }
  return stretches
}

/** The virtual host with scripted processes: how fast, whether it stays so, and what it keeps. */
export async function kernel(events: number): Promise<readonly Line[]> {
  await play(events / 100)
  const stretches = await play(events)
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
