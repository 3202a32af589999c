import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from '../real/app.ts'
import { executable } from './tools.ts'

/** What every service stands on: without them no unit can be judged. */
const TARGETS = ['sysinit', 'basic', 'shutdown', 'multi-user', 'network-online']

/** A root folder with the unit, the programs that it names and the targets of every system. */
export function rootWith(name: string, unit: string): string {
  const root = folder({})
  const units = join(root, 'etc/systemd/system')
  mkdirSync(units, { recursive: true })
  for (const target of TARGETS)
    writeFileSync(join(units, `${target}.target`), `[Unit]\nDescription=${target}\n`)
  writeFileSync(join(units, name.replace(/@.+\./, '@.')), unit)
  // A template is judged as one of its units, whose name stands for %i.
  const instance = /@(.+)\.\w+$/.exec(name)?.[1] ?? ''
  for (const [, path = ''] of unit.matchAll(/^Exec\w+=(\/\S+)/gm))
    executable(join(root, path.replaceAll('%i', instance)), 'true')
  return root
}

/** What systemd's own verifier says of a unit under such a root. */
export function verify(
  path: string,
  root: string,
  name: string,
): { complaints: string; code: number | null } {
  const { stderr, status } = spawnSync(path, ['verify', `--root=${root}`, '--man=no', name], {
    encoding: 'utf8',
  })
  return { complaints: stderr, code: status }
}
