import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectionsOf } from '../bench/processes.ts'
import { Load } from '../bench/load/load.ts'
import { folder, programs, served, serving, start } from './real/app.ts'
import { ask, textOf } from './real/client.ts'
import type { Command } from './real/command.ts'
import { freePort } from './real/ports.ts'
import { lives, processInfo, until } from './real/processes.ts'

/** The application that says its PID, as the load client wants it. */
const SAYS_PID = {
  'main.mjs': `export const app = (req, res) => { const pid = String(process.pid); res.writeHead(200, { 'content-length': pid.length }); res.end(pid) }`,
}

/** uvicorn and gunicorn, each with as many workers. */
const both = (workers: number) => Object.entries(programs(workers)).filter(([name]) => name !== 'fastapi')

describe('a storm of kill -9 under load', () => {
  it.each(both(3).flatMap(([name, line]) => [true, false].map((keepAlive) => ({ name, line, keepAlive }))))(
    '$name, keep-alive $keepAlive: only connections of the killed fail, none is refused',
    async ({ line, keepAlive }) => {
      const { command, port } = await serving(line, { cwd: folder(SAYS_PID) })
      const load = new Load({ port, connections: 12, keepAlive, seconds: 50 })
      let own = 0
      for (let i = 0; i < 8; i++) {
        const answered = load.answered
        await until(() => load.answered > answered + 50, 15, 'requests were answered')
        const [victim = 0] = command.living
        // Stopped first, so that its connections can be counted.
        command.kill(victim, 'STOP')
        await until(() => processInfo(victim)?.state === 'T', 2, 'it was stopped')
        own += connectionsOf(victim, port)
        command.kill(victim, 'KILL')
        await until(() => !lives(victim), 2, 'it was gone')
        await until(() => command.living.length >= 3, 15, 'it was replaced')
      }
      const { failed, failures } = await load.end()
      expect(failures.filter(({ reason }) => reason === 'ECONNREFUSED')).toEqual([])
      expect(failed).toBeLessThanOrEqual(own)
      await stops(command)
    },
  )

  it.each(both(3))('%s: all at once; who connects then waits, and is answered', async (_, line) => {
    const { command, port } = await serving(line, { cwd: folder(SAYS_PID) })
    for (let i = 0; i < 3; i++) {
      const workers = command.living
      for (const pid of workers) command.kill(pid, 'KILL')
      await until(() => !workers.some(lives), 2, 'all were gone')
      expect(workers.map(String)).not.toContain(await textOf(port, '/'))
      await until(() => command.living.length === 3, 15, 'all were replaced')
    }
    await stops(command)
  })
})

describe('a reload', () => {
  it.each(both(2).flatMap(([name, line]) => [true, false].map((keepAlive) => ({ name, line, keepAlive }))))(
    '$name, keep-alive $keepAlive: in the middle of a reload, again and again, loses nothing',
    async ({ line, keepAlive }) => {
      const { command, port } = await serving(line, { cwd: folder(SAYS_PID) })
      const load = new Load({ port, connections: 12, keepAlive, seconds: 50 })
      for (let i = 0; i < 4; i++) {
        const answered = load.answered
        await until(() => load.answered > answered + 50, 15, 'requests were answered')
        const before = command.workers.length
        command.kill(command.pid, 'HUP')
        await until(() => command.workers.length > before, 15, 'it began')
        command.kill(command.pid, 'HUP')
        // Under way, not over: a new worker is there, and not yet the last.
        await until(() => command.workers.length > before + 1, 15, 'it went on')
      }
      const old = command.workers.slice(0, 2)
      await until(() => !old.some(lives) && command.living.length === 2, 40, 'two new workers were left')
      const { failed, failures } = await load.end()
      expect({ failed, failures }).toEqual({ failed: 0, failures: [] })
      await stops(command)
    },
  )
})

describe('an application that', () => {
  const DIES = { 'main.mjs': `setTimeout(() => process.exit(1), 300); await new Promise(() => undefined)` }
  const NEVER_STARTS = {
    'main.mjs': `export const app = { startup: () => new Promise(() => setInterval(() => 0, 1e6)), fetch: () => new Response('hello') }`,
  }
  const IGNORES = {
    'main.mjs': `process.on('SIGTERM', () => undefined); export const app = { shutdown: () => new Promise(() => setInterval(() => 0, 1e6)), fetch: () => new Response('hello') }`,
  }
  const LEAKS = {
    'main.mjs': `const kept = []; export const app = { fetch(request) {
      if (request.url.endsWith('/leak')) for (;;) kept.push(new Array(1e5).fill(kept.length))
      return new Response('hello') } }`,
  }

  it('dies at boot, again and again: uvicorn starts it anew, and is stopped in the middle of that', async () => {
    const { command } = await start(programs(2).uvicorn, { cwd: folder(DIES) })
    await command.printed('] died', 4)
    await stops(command)
  })

  it('dies at boot: gunicorn starts it anew, and is stopped in the middle of that', async () => {
    const { command } = await start(programs(2).gunicorn, { cwd: folder(DIES) })
    await until(() => command.workers.length > 4, 15, 'others were started')
    await stops(command)
  })

  it.each(both(2))(
    'never finishes startup: %s is stopped by force, and nothing is left',
    async (name, line) => {
      const { command } = await start(line, { cwd: folder(NEVER_STARTS) })
      await command.printed('Waiting for application startup.', 2)
      command.kill(command.pid, 'TERM')
      await command.printed(name === 'uvicorn' ? 'Waiting for child process' : 'Handling signal: term')
      const all = [command.pid, ...command.living]
      command.kill(command.pid, 'KILL')
      await until(() => !all.some(lives), 1, 'nothing was left')
    },
  )

  it('never finishes startup: gunicorn 20.1.0 kills it after the timeout', async () => {
    // Since 26 gunicorn does not kill a worker that has never reported; recordings/gunicorn-26.2.0/lifespan-hang.txt shows it.
    const line = `${programs(2).gunicorn} --timeout 1 --graceful-timeout 1 --as 20.1.0`
    const { command } = await start(line, { cwd: folder(NEVER_STARTS) })
    await command.printed('WORKER TIMEOUT', 2, 20)
    await stops(command)
  })

  it.each(both(2))('takes its time: %s is stopped during boot', async (_, line) => {
    const cwd = folder({
      'main.mjs': `export const app = { startup: () => new Promise((go) => setTimeout(go, 1500)), fetch: () => new Response('hello') }`,
    })
    const { command } = await start(line, { cwd })
    await command.printed('Waiting for application startup.', 1)
    await stops(command)
  })

  it('ignores shutdown: gunicorn kills it when the graceful timeout is over', async () => {
    const { command, port } = await serving(`${programs(2).gunicorn} --graceful-timeout 1`, {
      cwd: folder(IGNORES),
    })
    expect(await textOf(port, '/')).toBe('hello')
    await stops(command)
  })

  it('ignores shutdown: uvicorn waits for it, and nothing is left when it is killed', async () => {
    const { command } = await serving(programs(2).uvicorn, { cwd: folder(IGNORES) })
    command.kill(command.pid, 'TERM')
    await command.printed('Waiting for application shutdown.', 2)
    expect(command.ended).toBeUndefined()
    const all = [command.pid, ...command.living]
    command.kill(command.pid, 'KILL')
    await until(() => !all.some(lives), 1, 'nothing was left')
  })

  it.each(both(2))('leaks until it is killed: %s replaces it, and the other one answers', async (_, line) => {
    const { command, port } = await serving(line, {
      cwd: folder(LEAKS),
      env: { NODE_OPTIONS: '--max-old-space-size=48' },
    })
    expect(await ask(port, '/leak')).toMatchObject({ result: 'closed without a response' })
    expect(await textOf(port, '/')).toBe('hello')
    await until(() => command.workers.length > 2 && command.living.length === 2, 15, 'it was replaced')
    await stops(command)
  })
})

describe('a port', () => {
  it('taken at the start, and free a moment later: gunicorn tries again', async () => {
    const port = await freePort()
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen({ host: '127.0.0.1', port }, resolve))
    const { command } = await start(programs(2).gunicorn.replace('{port}', String(port)))
    await command.printed('Connection in use')
    squatter.close()
    await served(command, port, 2)
    expect(await textOf(port, '/')).toBe('hello\n')
    await stops(command)
  })

  it.each(both(2))('is nobody else’s while all workers of %s are started anew', async (_, line) => {
    const { command, port } = await serving(line)
    const workers = command.living
    for (const pid of workers) command.kill(pid, 'KILL')
    await until(() => !workers.some(lives), 2, 'all were gone')
    expect(await listenOn(port)).toBe('EADDRINUSE')
    expect(await textOf(port, '/')).toBe('hello\n')
    await stops(command)
  })

  it.each(both(2))('taken while %s is restarted: said, and nothing is left', async (name, line) => {
    const { command, port, cwd } = await serving(line)
    await stops(command)
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen({ host: '127.0.0.1', port }, resolve))
    const again = await start(line.replace('{port}', String(port)), { cwd })
    expect(await again.command.end(20)).toEqual({ kind: 'code', code: name === 'uvicorn' ? 3 : 1 })
    expect(again.command.plain).toMatch(/Address already in use|Connection in use/)
    expect(again.command.living).toEqual([])
    squatter.close()
  })
})

/** Stops the command by SIGTERM. Nothing of it may be left then. */
async function stops(command: Command): Promise<void> {
  command.kill(command.pid, 'TERM')
  await command.end(20)
  const all = command.children.map(({ pid }) => pid)
  await until(() => !all.some(lives), 1, `nothing was left of ${all.join(', ')}`)
}

/** What the system says to somebody else who wants the port. */
function listenOn(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(undefined)))
  })
}
