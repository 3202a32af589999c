/**
 * `npm run bench`: measures the command beside others, prints a table and writes `dist/bench.json`.
 *
 *     npm run bench                         all of it, about half an hour on two cores
 *     npm run bench -- reload boot          only these
 *     npm run bench -- --scale 0.1          less of everything: to see whether it works
 *     npm run bench -- --readme             and puts the table, with date and machine, into README.md
 *
 * Everything is on 127.0.0.1 and ends by itself. It needs Linux: memory and processes are read from /proc.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import '../../src/build/command.ts'
import { peersOf } from './contestants.ts'
import { reaches, type Line, type Measure } from './line.ts'
import { boot } from './measure/boot.ts'
import { hung } from './measure/hung.ts'
import { kill } from './measure/kill.ts'
import { memory } from './measure/memory.ts'
import { orphans } from './measure/orphans.ts'
import { packed } from './measure/package.ts'
import { reload } from './measure/reload.ts'
import { generator, throughput } from './measure/throughput.ts'
import { findPeers } from './peers.ts'
import { table } from './table.ts'

const FILE = 'dist/bench.json'

const MEASURES: Readonly<Record<string, Measure>> = {
  reload,
  kill,
  boot,
  throughput,
  memory,
  hung,
  orphans,
  packed,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' }, readme: { type: 'boolean', default: false } },
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
const peers = findPeers()
const lines: Line[] = []
for (const [name, measure] of Object.entries(MEASURES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const tell = (text: string) => console.error(`${name}: ${text}`)
  lines.push(...(await measure({ peers: peersOf(peers), scale, tell })))
}
console.log(table(lines))
mkdirSync('dist', { recursive: true })
const date = new Date().toISOString().slice(0, 10)
// An answer that never came is null in JSON.
writeFileSync(FILE, `${JSON.stringify({ date, machine, peers: peers.versions, lines }, null, 2)}\n`)
if (values.readme) writeReadme()
const missed = lines.filter((line) => !reaches(line)).length
console.log(`\n${lines.length} lines, ${missed} short of their goal; ${FILE} has them all.`)
process.exit(0)

/** Numbers in the README are put there by what measured them, and by nobody else. */
function writeReadme(): void {
  const { processor, cores, memoryGiB, system, node } = machine
  const where = `${date}, ${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node ${node}; load by ${generator}; scale ${scale}.`
  const text = `<!-- bench -->\n\n${where}\n\n${table(lines)}\n\n<!-- /bench -->`
  const readme = readFileSync('README.md', 'utf8')
  writeFileSync(
    'README.md',
    readme.replace(/<!-- bench -->[^]*<!-- \/bench -->/, () => text),
  )
}
