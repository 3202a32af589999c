import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { folder, served } from './real/app.ts'
import { Command, machineNode, NODE } from './real/command.ts'
import { freePort } from './real/ports.ts'
import { ask, textOf } from './real/client.ts'
import { FRAMEWORKS } from './real/frameworks.ts'

it(
  'the packed tarball, installed in an empty folder without network, runs',
  { timeout: 240_000 },
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
    const installed = join(cwd, 'node_modules/.bin/server-workers')
    for (const node of [NODE, machineNode()].filter((path) => path !== undefined)) {
      await serves(cwd, node, installed)
      for (const [name, source] of Object.entries(FRAMEWORKS)) {
        await servesFramework(cwd, node, installed, name.toLowerCase(), source)
      }
    }
  },
)

/** An application of a framework, which is installed beside the command. */
async function servesFramework(cwd: string, node: string, program: string, name: string, source: string) {
  const link = join(cwd, 'node_modules', name)
  if (!existsSync(link)) symlinkSync(join(process.cwd(), 'node_modules', name), link)
  writeFileSync(join(cwd, `with_${name}.mjs`), source)
  const port = await freePort()
  const line = `uvicorn with_${name}:app --port ${port} --workers 2`
  const command = new Command(line.split(' '), { cwd, program, node })
  onTestFinished(() => command.stop())
  await served(command, port, 2)
  expect(await textOf(port, '/')).toBe('hello')
  expect(await ask(port, '/boom')).toMatchObject({ result: '500' })
  command.kill(command.pid, 'TERM')
  expect(await command.end()).toEqual({ kind: 'code', code: 0 })
  expect(command.workers).toHaveLength(2)
}

/** With every manager, by one Node; and it makes certificates. */
async function serves(cwd: string, node: string, program: string): Promise<void> {
  for (const line of [
    'uvicorn main:app --port {port} --workers 2',
    'gunicorn main:app -k uvicorn.workers.UvicornWorker -w 2 -b 127.0.0.1:{port}',
    'fastapi run --port {port} --workers 2 main.mjs',
  ]) {
    const port = await freePort()
    const command = new Command(line.replace('{port}', String(port)).split(' '), { cwd, program, node })
    onTestFinished(() => command.stop())
    await served(command, port, 2)
    expect(await textOf(port, '/')).toBe('packed')
    command.kill(command.pid, 'TERM')
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
  }
  const cert = new Command(['cert', '--out', 'made'], { cwd, program, node, env: { XDG_DATA_HOME: cwd } })
  onTestFinished(() => cert.stop())
  expect(await cert.end()).toEqual({ kind: 'code', code: 0 })
  expect(readdirSync(join(cwd, 'made'))).toEqual(['localhost-key.pem', 'localhost.pem'])
}

function npm(cwd: string, ...words: string[]): string {
  const { PATH = '', HOME = '' } = process.env
  return execFileSync('npm', words, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
