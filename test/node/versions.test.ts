import { describe, expect, it } from 'vitest'
import { VERSIONS } from '../../simulator/manager/versions.ts'
import { folder, serving, start } from './real/app.ts'

const GUNICORN = 'main:app --workers 2 --bind 127.0.0.1:{port} --worker-class'

describe('the version that is asked for', () => {
  it.each([
    ['gunicorn --as 26.1.0', `${GUNICORN} uvicorn.workers.UvicornWorker`, 'Starting gunicorn 26.1.0\n'],
    ['gunicorn', `${GUNICORN} uvicorn.workers.UvicornWorker --as=20.1.0`, 'Starting gunicorn 20.1.0\n'],
    [
      'fastapi --as 0.0.32',
      'run --workers 2 --port {port} main.js',
      ' ⚡️ Starting FastAPI in production mode\n',
    ],
  ])('%s %s', async (program, words, line) => {
    const cwd = folder()
    const { command } = await serving(`${program} ${words}`, { cwd, env: { HOME: cwd } })
    expect(command.plain).toContain(line)
  })

  it.each(['uvicorn', 'gunicorn', 'fastapi'] as const)('%s: one that we do not have', async (program) => {
    const { command } = await start(`${program} --as 1.2.3 main:app`)
    expect(await command.end()).toEqual({ kind: 'code', code: 2 })
    expect(command.plain).toBe(
      `server-workers does not have ${program} 1.2.3; it has ${VERSIONS[program].join(', ')}.\n`,
    )
  })

  it.each(['uvicorn main:app --as', 'uvicorn --as= main:app', 'uvicorn --as --workers 2 main:app'])(
    '%s: none is named',
    async (line) => {
      const { command } = await start(line)
      expect(await command.end()).toEqual({ kind: 'code', code: 2 })
      expect(command.plain).toBe(
        `--as needs a version of uvicorn behind it: ${VERSIONS.uvicorn.join(', ')}.\n`,
      )
    },
  )

  it('fastapi 0.0.32 on a terminal that does not answer: workers are taken for dead, for they ask for too long', async () => {
    const { command } = await start('fastapi --as 0.0.32 run --workers 4 --port {port} main.js', {
      silent: true,
    })
    await command.printed('] died', 2, 60)
    expect(command.plain).not.toContain('Application startup complete.')
    // Twice two questions, for each of which it waits a second, and one worker after the other.
    expect(command.now()).toBeGreaterThan(10)
  })

  it("gunicorn's own worker class is there since 26.1.0", async () => {
    const { command } = await start(`gunicorn ${GUNICORN} asgi --as 20.1.0`)
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toMatch(/^gunicorn's worker class 'asgi' cannot run an application like yours/)
  })
})
