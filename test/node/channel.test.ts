import { expect, it } from 'vitest'
import { folder, programs, serving } from './real/app.ts'
import { textOf } from './real/client.ts'
import { lives } from './real/processes.ts'

/** Writes to the descriptor that the manager hears, while it is imported and at each request. */
const MEDDLES = {
  'main.mjs': `import { writeSync } from 'node:fs'
    const bind = { kind: 'tcp', host: '127.0.0.1', port: 1 }
    const forged = [{ says: 'bind-failed', bind, error: 'in-use' }, { says: 'bind-failed' }, { says: 'output-lost', stream: 'stdout', code: 'EIO' }, { says: 'toString' }, { says: {} }, [], 7, null]
    const lines = ['garbage', '{', '', 'null', '\\0'.repeat(10), '['.repeat(1e5), ...forged.map((message) => JSON.stringify(message))]
    const put = (text) => { try { writeSync(3, text) } catch (error) { if (error.code !== 'EAGAIN') throw error } }
    const meddle = () => { for (const line of lines) put(line + '\\n'); put('half a line') }
    meddle()
    export const app = () => { meddle(); return new Response(String(process.pid)) }`,
}

/** Reads the token of its messages where the system keeps it, and forges some. */
const FORGES = {
  'main.mjs': `import { readFileSync, writeSync } from 'node:fs'
    const [, task] = /SERVER_WORKERS_TASK=([^\\0]*)/.exec(readFileSync('/proc/self/environ', 'utf8'))
    const { token } = JSON.parse(task)
    const bind = { kind: 'tcp', host: '127.0.0.1', port: 1 }
    const forge = (message) => writeSync(3, '\\n' + JSON.stringify({ ...message, token }) + '\\n')
    forge({ says: 'bind-failed' })
    forge({ says: 'bind-failed', bind, error: 'in-use' })
    export const app = () => { forge({ says: 'bind-failed', bind, error: 'in-use' }); return new Response(String(process.pid)) }`,
}

it.each(['uvicorn', 'gunicorn'] as const)(
  'a socket that was never ours does not fail to be bound (%s), whoever knows the token of the messages',
  async (name) => {
    const line = programs(2)[name].replace('main.js', 'main.mjs')
    const { command, port } = await serving(line, { cwd: folder(FORGES) })
    const workers = command.living
    for (let i = 0; i < 5; i++) expect(workers).toContain(Number(await textOf(port, '/')))
    expect(command.living).toEqual(workers)
    expect(command.plain).not.toMatch(/in use|TypeError/)
  },
)

it.each(['uvicorn', 'gunicorn', 'fastapi'] as const)(
  'whatever an application of %s writes to the manager’s descriptor is dropped',
  async (name) => {
    const line = programs(2)[name].replace('main.js', 'main.mjs')
    const { command, port } = await serving(line, { cwd: folder(MEDDLES) })
    const workers = command.living
    expect(workers).toHaveLength(2)
    for (let i = 0; i < 20; i++) expect(workers).toContain(Number(await textOf(port, '/')))
    expect(lives(command.pid)).toBe(true)
    expect(command.living).toEqual(workers)
    expect(command.plain).not.toMatch(/in use|SyntaxError|TypeError|Nothing can be written/)
    command.kill(command.pid, 'TERM')
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
  },
)
