/**
 * `npm run bench`: measures the command beside others, prints a table and writes `dist/bench.json`.
 *
 *     npm run bench                         all of it, about three quarters of an hour on two cores
 *     npm run bench -- reload boot          only these; what the others measured on this day stays in the table
 *     npm run bench -- --scale 0.1          less of everything: to see whether it works
 *     npm run bench -- --write              and puts the table into test/bench/RESULTS.md, five rows of it into README.md
 *
 * Everything is on 127.0.0.1 and ends by itself. It needs Linux: memory and processes are read from /proc.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import '../../src/build/command.ts'
import { peersOf } from './contestants.ts'
import type { Line, Measure } from './line.ts'
import { boot } from './measure/boot.ts'
import { hung } from './measure/hung.ts'
import { kill } from './measure/kill.ts'
import { memory } from './measure/memory.ts'
import { orphans } from './measure/orphans.ts'
import { packed } from './measure/package.ts'
import { reload } from './measure/reload.ts'
import { generator, throughput } from './measure/throughput.ts'
import { findPeers } from './peers.ts'
import { soak } from './measure/soak.ts'
import { report, save, today } from './report.ts'
import { isRival, table } from './table.ts'

const FILE = 'dist/bench.json'
const RESULTS = 'test/bench/RESULTS.md'

/** What the README shows of it; the rest is in RESULTS. */
const IN_README = [
  'boot-ms',
  'throughput-four-close',
  'memory-worker-uvicorn',
  'reload-uvicorn-keep-alive',
  'orphans-uvicorn',
]

/** What FILE holds. */
interface Kept {
  readonly date: string
  readonly machine: unknown
  readonly lines: readonly (Omit<Line, 'ours' | 'beside'> & {
    readonly ours: number | null
    readonly beside?: Readonly<Record<string, number | null>>
  })[]
}

const MEASURES: Readonly<Record<string, Measure>> = {
  reload,
  kill,
  boot,
  throughput,
  memory,
  hung,
  orphans,
  packed,
  soak,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' }, write: { type: 'boolean', default: false } },
})
const scale = Number(values.scale)
const unknown = positionals.filter((name) => MEASURES[name] === undefined)
if (process.platform !== 'linux' || unknown.length > 0 || !(scale > 0)) {
  console.error(
    process.platform === 'linux'
      ? `npm run bench [-- ${Object.keys(MEASURES).join(' ')}] [--scale 0.1]; it got: ${process.argv.slice(2).join(' ')}`
      : 'npm run bench needs Linux: it reads memory and processes from /proc.',
  )
  process.exit(2)
}

const machine = {
  processor: cpus()[0]?.model ?? '',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `Linux ${release()}`,
  node: process.versions.node,
  generator,
}
const peers = await findPeers()
const date = today()
const lines = new Map(linesOfToday().map((line) => [line.id, line]))
for (const [name, measure] of Object.entries(MEASURES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const tell = (text: string) => console.error(`${name}: ${text}`)
  for (const line of await measure({ peers: peersOf(peers), scale, tell }))
    lines.set(line.id, scale === 1 ? line : { ...line, scale })
  keep()
}
report(FILE, [...lines.values()])
process.exit(0)

/** After each part: what was measured is not lost with what comes after it. */
function keep(): void {
  const kept = [...lines.values()]
  save(FILE, kept, { machine, peers: peers.versions })
  if (values.write) publish(kept)
}

/** What was measured on this day and machine before. */
function linesOfToday(): readonly Line[] {
  if (!existsSync(FILE)) return []
  const before = JSON.parse(readFileSync(FILE, 'utf8')) as Kept
  if (before.date !== date || JSON.stringify(before.machine) !== JSON.stringify(machine)) return []
  return before.lines.map((line) => ({
    ...line,
    ours: line.ours ?? Infinity,
    beside: Object.fromEntries(
      Object.entries(line.beside ?? {}).map(([name, value]) => [name, value ?? Infinity]),
    ),
  }))
}

/** What the Python programs of the table run on. */
function pythonPeers(): string {
  const { Python, uvicorn, uvloop, httptools } = peers.versions
  if (Python === undefined) return ''
  return ` gunicorn and uvicorn run on Python ${Python} with uvicorn ${uvicorn}, uvloop ${uvloop} and httptools ${httptools}.`
}

/** Numbers in the documents are put there by what measured them, and by nobody else. */
function publish(lines: readonly Line[]): void {
  const { processor, cores, memoryGiB, system, node } = machine
  const where = `${date}, ${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node ${node}; load by ${generator}.${pythonPeers()}`
  const chosen = lines.filter(({ id }) => IN_README.includes(id))
  for (const [file, shown] of [
    [RESULTS, table(lines)],
    ['README.md', table(chosen, isRival)],
  ] as const) {
    const text = `<!-- bench -->\n\n${where}\n\n${shown}\n\n<!-- /bench -->`
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/<!-- bench -->[^]*<!-- \/bench -->/, () => text),
    )
  }
}
