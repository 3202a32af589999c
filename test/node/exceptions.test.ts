import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, serving, start } from './real/app.ts'
import { ask } from './real/client.ts'
import { until } from './real/processes.ts'
import { RawClient, statusOf } from './real/raw.ts'

const THROW = `throw new Error('boom')`

/** Handlers that fail, each in its own way, before they have sent anything. */
const FAILING: Readonly<Record<string, string>> = {
  'a fetch handler throws': `() => { ${THROW} }`,
  'a fetch handler rejects': `async () => { ${THROW} }`,
  'a listener throws': `(req, res) => { ${THROW} }`,
  'a listener rejects': `async (req, res) => { ${THROW} }`,
  'a timer of a listener throws': `(req, res) => { setTimeout(() => { ${THROW} }, 20) }`,
  'what hears the end of a request throws': `(req, res) => { req.resume().on('end', () => { ${THROW} }) }`,
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

describe('an exception in what hears of a request', () => {
  /** Each throws when the client has left, or the answer is done. */
  const late: Readonly<Record<string, string>> = {
    'the close of the request': `(req, res) => { req.on('close', () => { ${THROW} }); res.write('a') }`,
    'the close of the answer': `(req, res) => { res.on('close', () => { ${THROW} }); res.write('a') }`,
    'the close of the connection': `(req, res) => { req.socket.on('close', () => { ${THROW} }); res.write('a') }`,
    'the end of the answer': `(req, res) => { res.on('finish', () => { ${THROW} }); res.end('a') }`,
    'the abort of a web request': `(request) => { request.signal.addEventListener('abort', () => { ${THROW} }); return new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(1)) })) }`,
  }
  it.each(Object.entries(late))('%s: it is logged, and no worker ends', async (_, handler) => {
    const cwd = folder({ 'main.mjs': `export const app = ${handler}` })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    const client = await RawClient.open(port)
    await client.say('GET / HTTP/1.1\r\nHost: x\r\n\r\n').heard('200 OK')
    client.socket.destroy()
    await command.printed('Error: boom\n')
    expect(command.plain.split('Exception in ASGI application')).toHaveLength(2)
    expect(await statusOf(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toBe(200)
    expect(command.ended).toBeUndefined()
  })

  it('a body that is no JSON costs its own request and no other', async () => {
    const cwd = folder({
      'main.mjs': `export const app = (req, res) => {
        let body = ''
        req.on('data', (piece) => { body += piece }).on('end', () => { JSON.parse(body); res.end('fine') })
      }`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    const send = (body: string) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
    const answers = await Promise.all(['{', '{}', 'no', '[]'].map(send))
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 500, 200])
    expect(command.ended).toBeUndefined()
  })
})

describe('an upload that the client gives up', () => {
  it.each([
    ['a web-standard handler', '/', `async (request) => { await request.text(); return new Response('') }`],
    [
      'one that reads piece by piece',
      '/',
      `async (request) => { for await (const _ of request.body); return new Response('') }`,
    ],
    ['a listener', '/', `async (req, res) => { for await (const _ of req); res.end() }`],
  ])('%s: nothing is logged of it', async (_, path, handler) => {
    const cwd = folder({
      'main.mjs': `let open = 0; const handler = ${handler}
      export const app = handler.length === 2
        ? (req, res) => { if (req.url === '/') console.log('upload', ++open); return req.url === '/' ? handler(req, res) : res.end() }
        : (request) => { const { pathname } = new URL(request.url); if (pathname === '/') console.log('upload', ++open); return pathname === '/' ? handler(request) : new Response('') }`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    for (let i = 1; i <= 10; i++) {
      const client = await RawClient.open(port)
      client.say(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc`)
      await command.printed(`upload ${i}\n`)
      client.socket.destroy()
      await client.closed
    }
    expect(await ask(port, '/other')).toMatchObject({ result: '200' })
    expect(command.plain).not.toContain('Traceback')
    expect(command.plain).not.toMatch(/HTTP\/1\.1" 500/)
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

  it('a syntax error in what it requires: where, and what was imported before runs once', async () => {
    const cwd = folder({
      'main.mjs': `import './first.mjs'\nimport './broken.cjs'\nexport const app = () => undefined`,
      'first.mjs': `console.log('imported')`,
      'broken.cjs': `const a = 1\nconst b = = 2`,
    })
    const { command } = await start('uvicorn main:app --port {port}', { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toContain(`File "${join(cwd, 'broken.cjs')}", line 2`)
    expect(command.plain.split('imported')).toHaveLength(2)
  })

  it('process.exit at import ends the worker at once, without a line', async () => {
    const cwd = folder({ 'main.mjs': `process.exit(7)` })
    const { command } = await start('uvicorn main:app --port {port}', { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 7 })
    expect(command.plain).toBe('')
  })
})
