import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, serving, start } from './real/app.ts'
import { ask } from './real/client.ts'
import { until } from './real/processes.ts'

const THROW = `throw new Error('boom')`

/** Handlers that fail, each in its own way, before they have sent anything. */
const FAILING: Readonly<Record<string, string>> = {
  'a fetch handler throws': `() => { ${THROW} }`,
  'a fetch handler rejects': `async () => { ${THROW} }`,
  'a listener throws': `(req, res) => { ${THROW} }`,
  'a listener rejects': `async (req, res) => { ${THROW} }`,
  'a timer of a listener throws': `(req, res) => { setTimeout(() => { ${THROW} }, 20) }`,
  'a promise that nobody awaits rejects': `(req, res) => { Promise.reject(new Error('boom')) }`,
}

describe('an exception in a request', () => {
  it.each(Object.entries(FAILING))(
    '%s: logged, answered with 500, and the worker goes on',
    async (_, handler) => {
      const cwd = folder({ 'main.mjs': `export const app = ${handler}` })
      const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
      expect(await ask(port, '/')).toMatchObject({ result: '500' })
      await command.printed('500 Internal Server Error\n')
      const said = command.plain.slice(command.plain.indexOf('ERROR'))
      expect(said.split('\n').map((line) => line.replace(/:\d+ -/, ': -').replace(/, in .*/, ''))).toEqual([
        'ERROR:    Exception in ASGI application',
        'Traceback (most recent call last):',
        `  File "${join(cwd, 'main.mjs')}", line 1`,
        `    export const app = ${handler}`,
        'Error: boom',
        'INFO:     127.0.0.1: - "GET / HTTP/1.1" 500 Internal Server Error',
        '',
      ])
      expect(await ask(port, '/')).toMatchObject({ result: '500' })
      expect(command.ended).toBeUndefined()
    },
  )

  it('in the middle of a body: logged, and the answer is cut off', async () => {
    const pieces = `async function* () { yield new TextEncoder().encode('a'); await new Promise((go) => setTimeout(go, 50)); ${THROW} }`
    const cwd = folder({
      'main.mjs': `export const app = () => new Response(ReadableStream.from((${pieces})()))`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    expect(await ask(port, '/')).toMatchObject({ result: '200 (body cut off)' })
    await command.printed('Error: boom')
    expect(command.plain.split('Exception in ASGI application')).toHaveLength(2)
  })
})

describe('an exception outside of any request', () => {
  const late = `setTimeout(() => { ${THROW} }, 700); export const app = () => new Response('')`

  it('ends the worker with a traceback, and it is replaced', async () => {
    const { command } = await start('uvicorn main:app --port {port} --workers 2', {
      cwd: folder({ 'main.mjs': late }),
    })
    await command.printed('Error: boom\n', 2)
    expect(command.plain).toContain('Process SpawnProcess-1:\nTraceback (most recent call last):\n')
    await command.printed('] died', 2)
    await until(() => command.workers.length >= 4, 30, 'both were replaced')
  })

  it('ends a process that serves alone with code 1', async () => {
    const { command } = await start('uvicorn main:app --port {port}', { cwd: folder({ 'main.mjs': late }) })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toMatch(/\)\nTraceback \(most recent call last\):\n(.*\n){2}Error: boom\n$/)
  })
})

describe('a module that cannot be loaded', () => {
  it.each([
    ['a syntax error', `export const app = ;`, 1, `SyntaxError: Unexpected token ';'`],
    ['a missing package', `import 'nosuchpackage'`, 0, `Error: Cannot find package 'nosuchpackage'`],
    ['an error at import', `\nfunction f() { ${THROW} }\nf()`, 3, 'Error: boom'],
  ])('%s: what, and where', async (_, text, line, message) => {
    const cwd = folder({ 'main.mjs': text })
    const { command } = await start('uvicorn main:app --port {port}', { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toContain(message)
    if (line > 0) expect(command.plain).toContain(`File "${join(cwd, 'main.mjs')}", line ${line}`)
    expect(command.plain).not.toContain('server-workers')
  })

  it('process.exit at import ends the worker at once, without a line', async () => {
    const cwd = folder({ 'main.mjs': `process.exit(7)` })
    const { command } = await start('uvicorn main:app --port {port}', { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 7 })
    expect(command.plain).toBe('')
  })
})
