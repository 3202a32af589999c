/**
 * Types each of the command lines into Debian's bash and writes down what it printed, and how it ended, into
 * test/recordings/command-lines.json: `node test/recorder/record-lines.ts`. Wants Debian 12 with mawk, jq, less and python3.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FILES, LINES } from './command-lines.ts'

/** A line, and the original's answer: both streams in the order in which they were written. */
export interface RecordedLine {
  readonly line: string
  readonly shown: string
  readonly status: number
}

function record(line: string): RecordedLine {
  const folder = mkdtempSync(join(tmpdir(), 'line-'))
  const output = join(tmpdir(), `${folder.split('/').at(-1) ?? ''}.out`)
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
    const file = openSync(output, 'a')
    const { status } = spawnSync('bash', ['--norc', '-c', line], {
      cwd: folder,
      stdio: ['ignore', file, file],
      env: { PATH: '/usr/bin:/bin', HOME: '/home/user', LC_ALL: 'C.UTF-8' },
    })
    closeSync(file)
    return { line, shown: readFileSync(output, 'utf8').replaceAll(folder, '.'), status: status ?? -1 }
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(output, { force: true })
  }
}

const version = spawnSync('bash', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0]
const debian = readFileSync('/etc/debian_version', 'utf8').trim()
const recording = { made: `Debian ${debian}, ${version}`, lines: LINES.map(record) }
writeFileSync(
  new URL('../recordings/command-lines.json', import.meta.url),
  `${JSON.stringify(recording, null, 2)}\n`,
)
console.log(`${recording.lines.length} lines of ${recording.made}`)
