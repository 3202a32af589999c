import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type Edition } from '../conformance/recording/load.ts'
import type { Timing } from '../conformance/recording/timing.ts'
import type { Environment } from './environment.ts'
import type { Recording } from './record-scenario.ts'

/** The recordings that the tests use. */
export const RECORDINGS = join(import.meta.dirname, '../recordings')

type Timings = Record<string, Record<string, Timing>>

/** Writes a recording, its bytes and its times under a folder that is laid out as `test/recordings`. */
export function save(
  root: string,
  { program, version }: Edition,
  { recorded, text, raw, timing }: Recording,
): void {
  const folder = join(root, folderOf(program, version))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${recorded.name}.txt`), text)
  if (raw !== undefined) writeFileSync(join(folder, `${recorded.name}.raw.txt`), raw)
  const file = join(root, 'timing.json')
  const timings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Timings) : {}
  const edition = folderOf(program, version)
  timings[edition] = { ...timings[edition], [recorded.name]: timing }
  writeFileSync(file, timingText(timings))
}

/** The recordings that chapters show. */
const SHOWN = join(import.meta.dirname, '../../content/transcripts')

/** Writes a recording for the chapters: with a header of their own, and the times of its lines beside it. */
export function saveShown({ program, version }: Edition, { recorded, text, moments }: Recording): void {
  const folder = join(SHOWN, folderOf(program, version))
  mkdirSync(folder, { recursive: true })
  const [command = '', about = '', , , medium = ''] = text.split('\n')
  // Questions for the terminal's colours, and the numbers of links, are nothing to read.
  const body = text
    .split('\n')
    .slice(5)
    .join('\n')
    .replaceAll(/\\e\]1[01];\?\\e\\/g, '')
    .replaceAll(']8;id=<n>;', ']8;;')
  const from = `# recorded from: ${folderOf(program, version)
    .replace(/-(?=\d)/, ' ')
    .replace('-asgi', '')}`
  const head = [command, about, from, medium.replace(/; workers in spawn order: .*/, '')].join('\n')
  writeFileSync(join(folder, `${recorded.name}.txt`), `${head}\n${body}`)
  const times = moments.map(({ at, source, text: said }) => `${at.toFixed(2)}\t${source}\t${said}\n`)
  const file = join(folder, `${recorded.name}.times.tsv`)
  if (times.length > 0 && program !== 'fastapi')
    writeFileSync(file, `# seconds since start\tsource\ttext (no colours)\n${times.join('')}`)
}

/** Writes the answers to wrong arguments. */
export function saveArguments(root: string, { program, version }: Edition, text: string): void {
  const folder = join(root, folderOf(program, version))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'bad-arguments.txt'), text)
}

/** Notes with which packages an edition was recorded. */
export function saveMadeWith(
  root: string,
  { program, version }: Edition,
  { python, packages }: Environment,
): void {
  const folder = join(root, folderOf(program, version))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'made-with.json'), `${JSON.stringify({ python, packages }, undefined, 2)}\n`)
}

/** One line for each recording, editions and scenarios in the order of the alphabet. */
function timingText(timings: Timings): string {
  const editions = Object.keys(timings).sort()
  const blocks = editions.map((edition) => {
    const of = timings[edition] ?? {}
    const lines = Object.keys(of)
      .sort()
      .map((name) => `    ${JSON.stringify(name)}: ${spaced(of[name])}`)
    return `  ${JSON.stringify(edition)}: {\n${lines.join(',\n')}\n  }`
  })
  return `{\n${blocks.join(',\n')}\n}\n`
}

/** JSON on one line, with blanks behind colons and commas. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`)
    .join(', ')}}`
}
