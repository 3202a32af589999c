import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { versionOf } from './contestants.ts'

/** The programs beside which we are measured, as far as they are here. */
export interface Peers {
  /** Where the packages are. */
  readonly folder?: string
  readonly versions: Readonly<Partial<Record<'pm2' | 'throng' | 'gunicorn' | 'uvicorn', string>>>
}

const PACKAGES = ['pm2', 'throng'] as const

/** Installs the packages into a temporary folder, when the registry answers, and looks for Debian's gunicorn and uvicorn. */
export function findPeers(): Peers {
  const folder = installed()
  const packages = PACKAGES.map((name) => [name, folder === undefined ? undefined : versionIn(folder, name)])
  const gunicorn = versionOf('/usr/bin/gunicorn', '--version')
  const uvicorn = versionOf('/usr/bin/python3', '-m', 'uvicorn', '--version')
  const found = [...packages, ['gunicorn', gunicorn], ['uvicorn', uvicorn]].filter(([, version]) => version)
  const versions = Object.fromEntries(found) as Peers['versions']
  return folder === undefined ? { versions } : { folder, versions }
}

/** BENCH_PEERS is a folder where they are installed already. */
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
