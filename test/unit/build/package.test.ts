import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const packed = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, { resolved?: string; version?: string }>
}

test('the package depends on nothing', () => {
  expect(packed).not.toHaveProperty('dependencies')
  expect(packed).not.toHaveProperty('optionalDependencies')
  expect(packed).not.toHaveProperty('peerDependencies')
})

test('the package holds the command, and nothing of the site', () => {
  const report = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as object
  // One package, in a list or, since npm 12, under its name.
  const [{ files }] = Object.values(report) as [{ files: { path: string; mode: number }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths.filter((path) => !path.startsWith('dist/command/')).sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
  ])
  expect(files.find(({ path }) => path === 'dist/command/server-workers.mjs')?.mode).toBe(0o755)
})

test('the lock file names no host', () => {
  const hosts = Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? [])
  expect(hosts).toEqual([])
})
