import { describe, expect, it } from 'vitest'
import { served, start } from './real/app.ts'
import { ask, textOf } from './real/client.ts'
import { until } from './real/processes.ts'

const COMMANDS = {
  uvicorn: 'uvicorn main:app --port {port} --workers 2',
  gunicorn:
    'gunicorn main:app --workers 2 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port}',
  fastapi: 'fastapi run --workers 2 --port {port} main.js',
}

describe('demo', () => {
  it.each(Object.entries(COMMANDS))('with %s: the workers answer with their PIDs', async (_, line) => {
    const { command, port } = await start(`demo ${line}`)
    await served(command, port, 2)
    const [, pid] = /^hello from (\d+)\n$/.exec(await textOf(port, '/')) ?? []
    expect(command.workers).toContain(Number(pid))
    expect(await textOf(port, '/compute?ms=50')).toMatch(/^\d+ is done computing\n$/)
    expect(await textOf(port, '/wait?ms=50')).toMatch(/^\d+ is done waiting\n$/)
    const [, held] = /holds (\d+) MB now\n$/.exec(await textOf(port, '/allocate?mb=300')) ?? []
    expect(Number(held)).toBeGreaterThan(300)
    expect(await textOf(port, '/nowhere')).toBe('not here\n')
  })

  it('survives an exception and replaces a worker that crashed', async () => {
    const { command, port } = await start(`demo ${COMMANDS.uvicorn}`)
    await served(command, port, 2)
    expect(await ask(port, '/raise')).toMatchObject({ result: '500' })
    await command.printed('500 Internal Server Error\n')
    expect(command.plain).toMatch(
      /Error: this request went wrong\n.*"GET \/raise HTTP\/1\.1" 500 Internal Server Error\n/,
    )
    expect(command.living).toHaveLength(2)
    expect(await ask(port, '/crash')).toMatchObject({ result: 'closed without a response' })
    await command.printed('] died')
    await until(() => command.living.length === 2, 30, 'the worker was replaced')
  })

  it('alone starts four workers of uvicorn on 127.0.0.1:8000', async () => {
    const { command } = await start('demo', { env: { UVICORN_PORT: '0' } })
    await command.printed('Application startup complete.', 4)
    expect(command.plain).toMatch(/Uvicorn running on http:\/\/127\.0\.0\.1:\d+ /)
    // When all serve, two lines say what to try next.
    await command.printed('lab restarts` leads through it')
    expect(command.plain).toMatch(
      /startup complete\.\n(?:.*\n)*Try next, in a second terminal: `ps`.*\n`.* lab restarts` leads.*\n/,
    )
  })
})
