import type { ProgramContext } from '../../program.ts'
import { containers, find, flagsOf, missing, shortId, tooFew, type Container } from './containers.ts'
import { printFormatted, size, table } from './table.ts'

/** Between two looks at the processor time, in ms: Docker needs two for a percentage. */
const BETWEEN = 1000

const HEADINGS = {
  ID: 'CONTAINER ID',
  Container: 'CONTAINER',
  Name: 'NAME',
  CPUPerc: 'CPU %',
  MemUsage: 'MEM USAGE / LIMIT',
  MemPerc: 'MEM %',
  PIDs: 'PIDS',
}
const USUAL = ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'PIDs'] as const

/** `docker stats --no-stream`: memory, and the processor over a second. Network and disk are not counted on this machine. */
export function stats(call: ProgramContext, args: readonly string[]): number | undefined {
  const flags = flagsOf(call, 'stats', args, {
    values: 'format',
    switches: 'no-stream all no-trunc',
    short: { a: 'all' },
  })
  if (typeof flags === 'number') return flags
  const unknown = flags.words.find((typed) => find(call, typed) === undefined)
  if (unknown !== undefined) return missing(call, unknown)
  const chosen = (): readonly Container[] =>
    containers(call).filter(
      (each) =>
        (each.pid !== undefined || flags.has('all')) &&
        (flags.words.length === 0 || flags.words.some((typed) => find(call, typed)?.name === each.name)),
    )
  const look = (): void => {
    const before = new Map(call.system.processes().map(({ pid, cpu }) => [pid, cpu]))
    call.after(BETWEEN, () => {
      const rows = chosen().map((each) => rowOf(call, each, before))
      const format = flags.get('format')
      // Over what was shown before, as Docker does it.
      if (!flags.has('no-stream') && call.tty) call.out('\u001B[H\u001B[2J')
      if (format === undefined)
        call.out(table([HEADINGS, ...rows].map((row) => USUAL.map((name) => row[name]))))
      else printFormatted(call, format, rows, HEADINGS)
      if (flags.has('no-stream')) call.exit(0)
      else look()
    })
  }
  look()
  return undefined
}

function rowOf(
  call: ProgramContext,
  container: Container,
  before: ReadonlyMap<number, number>,
): Record<keyof typeof HEADINGS, string> {
  const inside = call.system.processes().filter(({ container: name }) => name === container.name)
  const used = inside.reduce((sum, { pss }) => sum + pss, 0)
  const worked = inside.reduce((sum, { pid, cpu }) => sum + cpu - (before.get(pid) ?? 0), 0)
  const limit = container.keeper.memory ?? call.system.hardware.memory
  return {
    ID: shortId(container),
    Container: shortId(container),
    Name: container.name,
    CPUPerc: `${((100 * worked) / BETWEEN).toFixed(2)}%`,
    MemUsage: `${size(used, 1024)} / ${size(limit, 1024)}`,
    MemPerc: `${((100 * used) / limit).toFixed(2)}%`,
    PIDs: String(inside.length),
  }
}

/** `docker top web`: the processes in a container, by their PIDs on the machine. */
export function top(call: ProgramContext, args: readonly string[]): number {
  const [typed] = args
  if (typed === undefined) return tooFew(call, 'top')
  const container = find(call, typed)
  if (container === undefined) return missing(call, typed)
  const inside = call.system.processes().filter((each) => each.container === container.name)
  call.out(
    table([
      ['UID', 'PID', 'PPID', 'CMD'],
      ...inside.map(({ user, pid, ppid, command }) => [user, String(pid), String(ppid), command]),
    ]),
  )
  return 0
}
