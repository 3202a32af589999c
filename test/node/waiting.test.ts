import { describe, expect, it } from 'vitest'
import { folder, serving, start } from './real/app.ts'
import { ask } from './real/client.ts'
import { lives } from './real/processes.ts'

const NEVER = 'new Promise(() => {})'
const GOOD = `export const app = { fetch: () => new Response('hello') }`

/** An import or a startup that never ends, and what is said of it. */
const IMPORT = [`await ${NEVER}; ${GOOD}`, 'is still being imported'] as const
const STARTUP = [`export const app = { startup: () => ${NEVER}, fetch() {} }`, 'is still starting'] as const

describe('what never comes is waited for, as the originals do, and said', () => {
  it.each([
    ['uvicorn, one process', IMPORT, 'uvicorn main:app --port {port}', 1],
    ['uvicorn, one process', STARTUP, 'uvicorn main:app --port {port}', 1],
    ['uvicorn, workers', IMPORT, 'uvicorn main:app --port {port} --workers 2', 2],
    ['uvicorn, workers', STARTUP, 'uvicorn main:app --port {port} --workers 2', 2],
    [
      'gunicorn',
      STARTUP,
      'gunicorn main:app --workers 2 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port}',
      2,
    ],
    ['fastapi run', IMPORT, 'fastapi run main.mjs --port {port}', 1],
  ] as const)('%s: %j', async (_, [source, said], line, times) => {
    const { command } = await start(line, { cwd: folder({ 'main.mjs': source }) })
    await command.printed(said, times)
    expect(command.ended).toBeUndefined()
    expect(command.workers.filter(lives)).toHaveLength(command.workers.length)
    expect(command.plain).not.toContain('unsettled')
    expect(command.plain).not.toContain('died')
  })

  it('a shutdown that never ends: the server is there until it is killed', async () => {
    const cwd = folder({
      'main.mjs': `export const app = { shutdown: () => ${NEVER}, fetch: () => new Response('') }`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    expect(await ask(port, '/')).toMatchObject({ result: '200' })
    command.kill(command.pid, 'TERM')
    await command.printed('is still shutting down')
    expect(command.ended).toBeUndefined()
  })
})
