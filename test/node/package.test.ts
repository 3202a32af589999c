import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { folder } from './real/app.ts'
import { Command } from './real/command.ts'
import { freePort } from './real/ports.ts'
import { textOf } from './real/client.ts'

it(
  'the packed tarball, installed in an empty folder without network, runs',
  { timeout: 120_000 },
  async () => {
    const cwd = folder({ 'package.json': '{}' })
    // The command was built before the tests; building it again would pull it away under them.
    npm(process.cwd(), 'pack', '--ignore-scripts', '--pack-destination', cwd)
    const tarball = readdirSync(cwd).find((name) => name.endsWith('.tgz')) ?? ''
    npm(cwd, 'install', '--offline', '--no-audit', '--no-fund', join(cwd, tarball))
    expect(readdirSync(join(cwd, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'server-workers',
    ])
    expect(npm(cwd, 'exec', '--offline', 'server-workers')).toContain('npx server-workers demo')

    writeFileSync(
      join(cwd, 'main.mjs'),
      `import { compute } from 'server-workers/lab'\nexport const app = () => { compute(1); return new Response('packed') }`,
    )
    const port = await freePort()
    const installed = join(cwd, 'node_modules/.bin/server-workers')
    const typed = ['uvicorn', 'main:app', '--port', String(port), '--workers', '2']
    const command = new Command(typed, { cwd, program: installed })
    onTestFinished(() => command.stop())
    await command.printed('Application startup complete.', 2)
    expect(await textOf(port, '/')).toBe('packed')
  },
)

function npm(cwd: string, ...words: string[]): string {
  const { PATH = '', HOME = '' } = process.env
  return execFileSync('npm', words, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
