import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why something cannot be recorded here, and what to do about it. */
export class CannotRecord extends Error {}

/** A virtual environment of Python in which a program is installed. */
export interface Environment {
  readonly folder: string
  /** e.g. `3.11`. */
  readonly python: string
  /** The folder of Python's own library. */
  readonly stdlib: string
  /** Every package in it, and its version. */
  readonly packages: Readonly<Record<string, string>>
}

/** Where environments are kept, outside the repository. */
const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'server-workers', 'recorder')

const CANDIDATES = ['python3.11', 'python3.12', 'python3.13', 'python3.14', 'python3']
const LEAST =
  'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))'

/**
 * The first Python that will do, 3.11 before newer ones: the recordings were made with it.
 *
 * @throws CannotRecord when there is none; it says what to install
 */
export async function findPython(): Promise<string> {
  for (const python of CANDIDATES) {
    const found = await run(python, ['-c', LEAST]).catch(() => undefined)
    if (found !== undefined) return python
  }
  throw new CannotRecord(
    'expected Python 3.11 or newer with venv and pip, found none. Install it, on Debian: apt-get install python3 python3-venv python3-pip',
  )
}

/**
 * An environment with these packages, installed when it is not there yet.
 *
 * @param requirements as pip takes them, e.g. `uvicorn==0.54.0`
 * @param without packages that come with them and are taken out again
 * @throws CannotRecord when there is no Python, or the packages cannot be had
 */
export async function environmentWith(
  name: string,
  requirements: readonly string[],
  without: readonly string[] = [],
): Promise<Environment> {
  const python = await findPython()
  const folder = join(CACHE, name)
  const done = join(folder, 'installed.txt')
  const bin = join(folder, 'bin/python')
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(CACHE, { recursive: true })
    await run(python, ['-m', 'venv', folder])
    await run(bin, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements]).catch(
      (error: unknown) => {
        rmSync(folder, { recursive: true, force: true })
        throw cannotInstall(requirements, (error as { stderr?: string }).stderr ?? String(error))
      },
    )
    if (without.length > 0) await run(bin, ['-m', 'pip', 'uninstall', '--quiet', '--yes', ...without])
    writeFileSync(done, `${requirements.join('\n')}\n`)
  }
  const { stdout } = await run(bin, ['-m', 'pip', 'list', '--format=json', '--disable-pip-version-check'])
  const listed = JSON.parse(stdout) as { name: string; version: string }[]
  const info = await run(bin, [
    '-c',
    'import sys, sysconfig; print("%d.%d" % sys.version_info[:2]); print(sysconfig.get_path("stdlib"))',
  ])
  const [version = '', stdlib = ''] = info.stdout.trim().split('\n')
  const packages = Object.fromEntries(
    listed
      .filter((one) => one.name !== 'pip' && one.name !== 'setuptools')
      .map((one) => [one.name, one.version]),
  )
  return { folder, python: version, stdlib, packages }
}

/** Why pip could not install: there is no such version, or something else. */
function cannotInstall(requirements: readonly string[], said: string): CannotRecord {
  const [, listed = ''] = /from versions: (.*)\)/.exec(said) ?? []
  const versions = listed.split(', ').filter((version) => /^\d/.test(version))
  const wanted = /No matching distribution found for (\S+)/.exec(said)?.[1]
  if (wanted !== undefined && versions.length > 0)
    return new CannotRecord(`PyPI has no ${wanted}; the newest are ${versions.slice(-3).join(', ')}`)
  const last = said.trim().split('\n').at(-1) ?? ''
  return new CannotRecord(
    `expected to install ${requirements.join(' ')} with pip, which said: ${last}. Is PyPI reached from here?`,
  )
}

/** The newest version of a package on PyPI. */
export async function newestOf(name: string): Promise<string> {
  const python = await findPython()
  const { stdout } = await run(python, [
    '-m',
    'pip',
    'index',
    'versions',
    name,
    '--disable-pip-version-check',
  ]).catch(() => {
    throw new CannotRecord(`expected to find the newest ${name}, but PyPI was not reached`)
  })
  const [, version] = /^\S+ \((\S+)\)/.exec(stdout) ?? []
  if (version === undefined) throw new CannotRecord(`pip named no version of ${name}`)
  return version
}

/** Removes environments whose name is not among these. */
export function forget(keep: readonly string[]): void {
  if (!existsSync(CACHE)) return
  for (const name of readdirSync(CACHE))
    if (!keep.includes(name)) rmSync(join(CACHE, name), { recursive: true, force: true })
}
