import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import { install } from '../recorder/edition.ts'
import { CannotRecord, type Environment } from '../recorder/environment.ts'

/** The programs beside which the command is measured, as far as they could be installed here. */
export interface Peers {
  /** The folder in which the npm packages are installed. */
  readonly folder?: string
  /** The virtual environments of the Python programs, each with uvloop and httptools. */
  readonly environments: Readonly<Partial<Record<PythonPeer, Environment>>>
  /** The versions of the programs, and of what the Python ones run on. */
  readonly versions: Readonly<Partial<Record<string, string>>>
}

export type PythonPeer = 'gunicorn' | 'uvicorn'

const PACKAGES = ['pm2', 'throng'] as const

/** Installs the npm packages into a temporary folder, and the current releases of uvicorn and gunicorn into environments of the recorder. */
export async function findPeers(): Promise<Peers> {
  const folder = installed()
  const versions: Record<string, string> = {}
  for (const name of PACKAGES) {
    const version = folder === undefined ? undefined : versionIn(folder, name)
    if (version !== undefined) versions[name] = version
  }
  const environments: Partial<Record<PythonPeer, Environment>> = {}
  for (const program of ['gunicorn', 'uvicorn'] as const) {
    const environment = await environmentOf(program)
    if (environment === undefined) continue
    environments[program] = environment
    for (const name of [program, 'uvicorn', 'uvloop', 'httptools'])
      versions[name] = environment.packages[name] ?? 'missing'
    versions['Python'] = environment.python
  }
  return { ...(folder === undefined ? {} : { folder }), environments, versions }
}

/** A program as its documentation recommends it, with uvloop and httptools; `undefined` where PyPI is not reached. */
async function environmentOf(program: PythonPeer): Promise<Environment | undefined> {
  try {
    return await install({ program, version: `${defaultSpeaker(program).version}-standard` })
  } catch (error) {
    if (!(error instanceof CannotRecord)) throw error
    console.error(`${program} is left out: ${error.message}`)
    return undefined
  }
}

/** BENCH_PEERS is a folder in which the npm packages are installed already. */
function installed(): string | undefined {
  const given = process.env['BENCH_PEERS']
  if (given !== undefined) return given
  const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0', ...PACKAGES]
  const { status } = spawnSync('npm', words, { cwd: folder, stdio: 'ignore', timeout: 180_000 })
  return status === 0 ? folder : undefined
}

function versionIn(folder: string, name: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  } catch {
    return undefined
  }
}
