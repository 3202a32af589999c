import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, programs, reachable } from './real/app.ts'
import { textOf } from './real/client.ts'
import { COMMAND, NODE } from './real/command.ts'
import { freePort } from './real/ports.ts'
import { childrenOf, lives, taskOf, until } from './real/processes.ts'

const PORT = '{port}'

describe('a full disk', () => {
  it.each(Object.entries(programs(2)))('%s: behind stdout, said once on stderr', async (_, line) => {
    const { pid, port, log } = await begin(
      line.concat(line.startsWith('gunicorn') ? ' --access-logfile -' : ''),
      {
        stdout: '/dev/full',
      },
    )
    await until(
      () => log().split('startup complete.').length > 2 || line.startsWith('fastapi'),
      15,
      'both had started',
    )
    await reachable(port)
    for (let i = 0; i < 20; i++) expect(await answer(port)).toBe('hello\n')
    await until(() => log().includes('Nothing can be written to stdout (ENOSPC).'), 5, 'it was said')
    expect(log().split('Nothing can be written to stdout').length - 1).toBe(1)
    await stop(pid)
  })

  it('behind what the application prints: the worker lives on', async () => {
    const cwd = folder({
      'main.mjs': `export const app = { fetch() { process.stdout.write('text\\n'); console.log('text'); return new Response('hello\\n') } }`,
    })
    const { pid, port } = await begin(programs(2).uvicorn, { stdout: '/dev/full', cwd })
    const [, ...workers] = await family(pid)
    for (let i = 0; i < 20; i++) expect(await answer(port)).toBe('hello\n')
    expect(workers.filter(lives)).toEqual(workers)
    await stop(pid)
  })
})

describe('the terminal is closed', () => {
  it.each(Object.entries(programs(2)))(
    '%s: the server reloads and goes on, as the original',
    async (name, typed) => {
      // Since 0.0.30 fastapi asks its terminal for colours and waits; script(1) does not answer.
      const line = name === 'fastapi' ? `${typed} --as 0.0.7` : typed
      const { pid, port, log, terminal } = await begin(line, { inTerminal: true })
      expect(await answer(port)).toBe('hello\n')
      const before = (await family(pid)).filter((some) => taskOf(some) === 'work')
      process.kill(terminal, 'SIGKILL')
      await until(() => !before.some(lives), 20, 'the workers were replaced')
      for (let i = 0; i < 5; i++) expect(await answer(port)).toBe('hello\n')
      if (line.startsWith('uvicorn')) expect(log()).toContain('Received SIGHUP, restarting processes.')
      await stop(pid)
    },
  )

  it('a process that serves alone ends', async () => {
    const { pid, port, terminal } = await begin('uvicorn main:app --port {port}', { inTerminal: true })
    expect(await answer(port)).toBe('hello\n')
    process.kill(terminal, 'SIGKILL')
    await until(() => !lives(pid), 10, 'it was gone')
  })
})

/** Ways to be the first process of a container that the kernel allows here. */
const NAMESPACES = [
  ['--pid', '--fork', '--kill-child'],
  ['--user', '--map-root-user', '--pid', '--fork', '--kill-child'],
].filter((way) => spawnSync('unshare', [...way, 'true']).status === 0)

describe.each(NAMESPACES.slice(0, 1).map((way) => ({ way })))('as PID 1 of a container', ({ way }) => {
  it.each(Object.entries(programs(2)))(
    '%s: says that it wants an init, and stops tidily',
    async (_, line) => {
      const { pid, port, log } = await begin(line, { before: ['unshare', ...way] })
      expect(await answer(port)).toBe('hello\n')
      expect(log()).toMatch(/^This is PID 1, the first process of its container, /m)
      const all = await family(pid)
      await stop(pid)
      expect(log()).toMatch(/(Stopping parent process|Shutting down: Master)/)
      await until(() => !all.some(lives), 1, 'nothing was left')
    },
  )

  it('is stopped also while the application is imported, when nobody handles signals yet', async () => {
    const cwd = folder({ 'main.js': 'console.error("importing"); for (;;) continue' })
    const { pid, log } = await begin('fastapi run main.js --port {port}', {
      before: ['unshare', ...way],
      cwd,
    })
    await until(() => log().includes('importing'), 10, 'it was imported')
    const all = await family(pid)
    await stop(pid)
    await until(() => !all.some(lives), 1, 'nothing was left')
  })
})

interface Ground {
  readonly cwd?: string
  /** A file for its standard output. */
  readonly stdout?: string
  /** It runs in a terminal of another program, whose end closes that; only stderr can be seen after that. */
  readonly inTerminal?: boolean
  /** What it is started by. */
  readonly before?: readonly string[]
}

/** Starts the command. `pid` is its own, `log` what it has written to stderr. Nothing of it is left after the test. */
async function begin(line: string, { cwd = folder(), stdout, inTerminal = false, before = [] }: Ground) {
  const port = await freePort()
  const logFile = join(folder({}), 'log')
  writeFileSync(logFile, '')
  const words = [...before, NODE, COMMAND, ...line.replace(PORT, String(port)).split(' ')]
  const outputs = [stdout ?? logFile, logFile].map((path) => openSync(path, 'a'))
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const [file = '', ...rest] = inTerminal
    ? ['script', '-qfc', `exec ${quoted} 2>>'${logFile}'`, '/dev/null']
    : words
  const child = spawn(file, rest, { cwd, stdio: ['ignore', ...outputs] })
  outputs.forEach(closeSync)
  const first = child.pid ?? 0
  const indirect = inTerminal || before.length > 0
  const log = () => readFileSync(logFile, 'utf8')
  await until(() => !indirect || childrenOf(first).length > 0, 10, 'it was started')
  const pid = indirect ? (childrenOf(first)[0] ?? 0) : first
  onTestFinished(async () => {
    const all = await family(pid)
    for (const some of [first, pid]) if (lives(some)) process.kill(some, 'SIGKILL')
    await until(() => !all.some(lives), 2, 'nothing was left')
  })
  return { pid, port, log, terminal: first }
}

/** A process and its children, once they are there. */
async function family(pid: number): Promise<readonly number[]> {
  if (lives(pid))
    await until(() => childrenOf(pid).length > 0 || !lives(pid), 15, 'it had children').catch(() => 0)
  return [pid, ...childrenOf(pid)]
}

/** Asks until somebody listens. */
async function answer(port: number): Promise<string> {
  for (let i = 0; ; i++) {
    try {
      return await textOf(port, '/')
    } catch (error) {
      if (i === 500) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function stop(pid: number): Promise<void> {
  const all = [pid, ...childrenOf(pid)]
  process.kill(pid, 'SIGTERM')
  await until(() => !all.some(lives), 15, 'it had stopped')
}
