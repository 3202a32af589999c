import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext } from '../../program.ts'
import { containers, exitCode, flagsOf, idOf, shortId, stateOf, type Container } from './containers.ts'
import { published } from './ports.ts'
import { printFormatted, span, table } from './table.ts'

const HEADINGS = {
  ID: 'CONTAINER ID',
  Image: 'IMAGE',
  Command: 'COMMAND',
  CreatedAt: 'CREATED AT',
  RunningFor: 'CREATED',
  Status: 'STATUS',
  State: 'STATE',
  Ports: 'PORTS',
  Names: 'NAMES',
  Labels: 'LABELS',
  Networks: 'NETWORKS',
}
const USUAL = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'] as const

/** `docker ps -aq --filter status=exited --format '{{.Names}}'`. */
export function list(call: ProgramContext, args: readonly string[]): number {
  const flags = flagsOf(call, 'ps', args, {
    values: 'filter format last',
    switches: 'all quiet no-trunc latest',
    short: { a: 'all', q: 'quiet', f: 'filter', n: 'last', l: 'latest' },
  })
  if (typeof flags === 'number') return flags
  const newest = flags.has('latest') ? 1 : Number(flags.get('last') ?? Infinity)
  const filters = flags.all('filter').map((text) => text.split(/=(.*)/s))
  const unknown = filters.find(([key = '']) => !Object.hasOwn(FILTERS, key))
  if (unknown !== undefined) {
    call.err(`Error response from daemon: invalid filter '${unknown[0] ?? ''}'\n`)
    return 1
  }
  const everything = flags.has('all') || newest !== Infinity || filters.some(([key]) => key === 'status')
  const shown = containers(call)
    .filter((each) => everything || isUp(each))
    .filter((each) => filters.every(([key = '', value = '']) => lookUp(FILTERS, key)?.(each, value) === true))
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, newest)
  const whole = flags.has('no-trunc')
  const format = flags.get('format')
  if (flags.has('quiet')) for (const each of shown) call.out(`${whole ? idOf(each) : shortId(each)}\n`)
  else {
    const rows = shown.map((each) => rowOf(call, each, whole))
    if (format !== undefined) return printFormatted(call, format, rows, HEADINGS)
    call.out(table([HEADINGS, ...rows].map((row) => USUAL.map((name) => row[name]))))
  }
  return 0
}

function isUp(container: Container): boolean {
  return ['running', 'restarting'].includes(stateOf(container))
}

const FILTERS: Readonly<Record<string, (container: Container, value: string) => boolean>> = {
  name: ({ name }, value) => new RegExp(value.replace(/[.*+?()[\]{}|\\]/g, '\\$&')).test(name),
  status: (container, value) => stateOf(container) === value,
  id: (container, value) => idOf(container).startsWith(value),
  ancestor: ({ keeper }, value) => (keeper.image ?? '') === value,
  exited: (container, value) => stateOf(container) === 'exited' && String(exitCode(container)) === value,
  health: ({ health }, value) => (health?.status ?? 'none') === value,
  label: ({ keeper: { labels = {} } }, value) => {
    const [key = '', wanted] = value.split(/=(.*)/s)
    return Object.hasOwn(labels, key) && (wanted === undefined || lookUp(labels, key) === wanted)
  },
}

function rowOf(
  call: ProgramContext,
  container: Container,
  whole: boolean,
): Record<keyof typeof HEADINGS, string> {
  const { keeper, keeping, name, pid, createdAt } = container
  const command = keeping.argv?.join(' ') ?? keeping.command
  const ports = pid === undefined ? [] : (keeper.ports ?? [])
  return {
    ID: whole ? idOf(container) : shortId(container),
    Image: keeper.image ?? 'awesomeapp',
    Command: `"${whole || command.length <= 20 ? command : `${command.slice(0, 19)}…`}"`,
    CreatedAt: `${new Date(call.system.epoch + createdAt).toISOString().replace('T', ' ').slice(0, 19)} +0000 UTC`,
    RunningFor: `${span(call.system.now - createdAt)} ago`,
    Status: statusOf(call, container),
    State: stateOf(container),
    Ports: ports.map(published).join(', '),
    Names: name,
    Labels: Object.entries(keeper.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    Networks: keeper.network ?? 'host',
  }
}

/** `Up 3 minutes (healthy)`, `Exited (137) 2 seconds ago`. */
export function statusOf(call: ProgramContext, container: Container): string {
  const { startedAt, finishedAt = 0, health } = container
  const since = (at: number): string => span(call.system.now - at)
  switch (stateOf(container)) {
    case 'running': {
      const word = health?.status === 'starting' ? 'health: starting' : health?.status
      return `Up ${since(startedAt)}${word === undefined ? '' : ` (${word})`}`
    }
    case 'restarting':
      return `Restarting (${exitCode(container)}) ${since(finishedAt)} ago`
    case 'created':
      return 'Created'
    default:
      return `Exited (${exitCode(container)}) ${since(finishedAt)} ago`
  }
}
