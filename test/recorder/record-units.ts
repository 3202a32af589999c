/**
 * Lets the real systemd-analyze judge each of the unit files and writes down what it said, and its exit code, into
 * test/recordings/units.json: `node test/recorder/record-units.ts`. Wants systemd 252 (Debian 12). Nothing is started.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PROGRAMS, UNITS, type JudgedUnit } from './units.ts'

/** What every system has: without them each unit would be complained about. */
const TARGETS = ['sysinit', 'basic', 'shutdown', 'multi-user', 'network', 'network-online', 'sockets']

/** The folder in which the units of a machine are. */
const FOLDER = 'etc/systemd/system'

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

function judge({ name, text, beside = {} }: JudgedUnit): { said: string[]; status: number } {
  const root = mkdtempSync(join(tmpdir(), 'units-'))
  try {
    for (const target of TARGETS)
      put(join(root, FOLDER, `${target}.target`), `[Unit]\nDescription=${target}\n`)
    for (const program of PROGRAMS) put(join(root, program), '#!/bin/true\n', 0o755)
    const files = { ...beside, [name.replace(/@.*\./, '@.')]: text }
    for (const [file, content] of Object.entries(files)) put(join(root, FOLDER, file), content)
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', `--root=${root}`, '--man=no', name], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    })
    const said = stderr.replaceAll(root, '').split('\n')
    return { said: said.filter((line) => line !== ''), status: status ?? -1 }
  } finally {
    rmSync(root, { recursive: true })
  }
}

const { stdout } = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' })
const recording = {
  made: stdout.split('\n')[0] ?? '',
  units: UNITS.map((unit) => ({ about: unit.about, ...judge(unit) })),
}
writeFileSync(new URL('../recordings/units.json', import.meta.url), `${JSON.stringify(recording, null, 2)}\n`)
console.log(`${recording.units.length} units judged by ${recording.made}`)
