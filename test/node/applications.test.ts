import { describe, expect, it } from 'vitest'
import { folder, programs, served, serving, start } from './real/app.ts'
import { ask, textOf } from './real/client.ts'

const ESM = '{ "type": "module" }'
const ONE = 'uvicorn main:app --port {port} --workers 2'

/** Applications that answer `GET /` with `hello`, by what they are. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an object with fetch': { 'main.mjs': `export const app = { fetch: () => new Response('hello') }` },
  'a function of a request': { 'main.mjs': `export function app(request) { return new Response('hello') }` },
  'an asynchronous function': { 'main.mjs': `export const app = async () => new Response('hello')` },
  'a (req, res) listener': { 'main.mjs': `export const app = (req, res) => { res.end('hello') }` },
  'a server of node:http': {
    'main.mjs': `import { createServer } from 'node:http'\nexport const app = createServer((req, res) => res.end('hello'))`,
  },
  'a promise of an application': {
    'main.mjs': `export const app = Promise.resolve({ fetch: () => new Response('hello') })`,
  },
  'a method that needs its object': {
    'main.mjs': `class App { text = 'hello'; fetch() { return new Response(this.text) } }\nexport const app = new App()`,
  },
  'main.js in a package of modules': {
    'package.json': ESM,
    'main.js': `export const app = { fetch: () => new Response('hello') }`,
  },
  'main.js of CommonJS': { 'main.js': `module.exports = { app: (req, res) => { res.end('hello') } }` },
  'exports of CommonJS made at run time': {
    'main.cjs': `const name = 'a' + 'pp'; module.exports = { [name]: (req, res) => { res.end('hello') } }`,
  },
}

describe('applications', () => {
  it.each(Object.entries(SHAPES))('%s', async (_, files) => {
    const { port } = await serving(ONE, { cwd: folder(files) })
    expect(await textOf(port, '/')).toBe('hello')
  })

  it.each(Object.entries(programs(2)))('%s serves an application in TypeScript', async (_, line) => {
    const cwd = folder({
      'main.ts': `interface Greeting { readonly text: string }
        const greeting: Greeting = { text: 'hello' }
        export const app = { fetch: (_request: Request): Response => new Response(greeting.text) }`,
    })
    const { command, port } = await start(line.replace('main.js', 'main.ts'), { cwd })
    if (process.features.typescript === false) {
      await command.printed('TypeScript files need Node 22.18 or newer')
    } else {
      await served(command, port, 2)
      expect(await textOf(port, '/')).toBe('hello')
    }
  })

  it('an attribute of an attribute, in a module in a folder', async () => {
    const cwd = folder({ 'main.mjs': `export const made = { by: { app: () => new Response('deep') } }` })
    const { port } = await serving('uvicorn main:made.by.app --port {port} --workers 2', { cwd })
    expect(await textOf(port, '/')).toBe('deep')
  })

  it('startup comes before the first request, shutdown after the last', async () => {
    const cwd = folder({
      'main.mjs': `let ready = false
        export const app = {
          async startup() { await new Promise((go) => setTimeout(go, 200)); ready = true; console.log('up') },
          async shutdown() { await new Promise((go) => setTimeout(go, 100)); console.log('down') },
          fetch: () => new Response(String(ready)),
        }`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    expect(await textOf(port, '/')).toBe('true')
    command.kill(command.pid, 'INT')
    await command.end()
    const said = command.plain.split('\n')
    expect(said.indexOf('up')).toBeLessThan(said.findIndex((line) => line.endsWith('startup complete.')))
    expect(said.indexOf('down')).toBeLessThan(said.findIndex((line) => line.endsWith('shutdown complete.')))
  })

  it('sees its own process, and no task of ours', async () => {
    const cwd = folder({
      'main.mjs': `const vars = Object.keys(process.env).filter((name) => name.startsWith('SERVER_WORKERS'))
        export const app = () => Response.json({ pid: process.pid, vars })`,
    })
    const { command, port } = await serving(ONE, { cwd })
    const { pid, vars } = JSON.parse(await textOf(port, '/')) as { pid: number; vars: string[] }
    expect(command.workers).toContain(pid)
    expect(vars).toEqual([])
  })

  it('has the helper module, also where the package is not installed', async () => {
    const cwd = folder({
      'main.mjs': `import { compute } from 'server-workers/lab'
        export const app = () => { const since = performance.now(); compute(100); return new Response(String(performance.now() - since)) }`,
    })
    const { port } = await serving(ONE, { cwd })
    expect(Number(await textOf(port, '/'))).toBeGreaterThanOrEqual(100)
  })

  it('has a log line when the head goes out, not when it is set and not when the body ends', async () => {
    const cwd = folder({
      'main.mjs': `const wait = (ms) => new Promise((go) => setTimeout(go, ms))
        export const app = async (req, res) => {
          res.writeHead(201); console.log('set'); await wait(100)
          console.log('sending'); res.write('a'); await wait(100)
          console.log('ending'); res.end('b')
        }`,
    })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    expect(await ask(port, '/x?y=1')).toMatchObject({ result: '201' })
    await command.printed('\nending\n')
    const said = command.plain.split('\n').slice(-5, -1)
    expect(said.map((line) => line.replace(/:\d+ -/, ': -'))).toEqual([
      'set',
      'sending',
      'INFO:     127.0.0.1: - "GET /x?y=1 HTTP/1.1" 201 Created',
      'ending',
    ])
  })
})

describe('what is no application is refused with the reason', () => {
  it.each([
    [
      `export const app = (a, b, c) => {}`,
      'main:app takes 3 parameters, so it may be a handler of requests or something else',
    ],
    [
      `export class app { fetch() {} }`,
      'main:app is a class: export an object made from it, such as `export const app = new app()`',
    ],
    [`export const app = { get() {} }`, 'main:app is [object Object], which cannot answer requests'],
    [`export const app = 'hello'`, "main:app is 'hello', which cannot answer requests"],
  ])('%s', async (text, sentence) => {
    const { command } = await start('uvicorn main:app --port {port}', { cwd: folder({ 'main.mjs': text }) })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toContain(`TypeError: ${sentence}`)
  })

  it('a handler that returns no response answers 500 and says why', async () => {
    const cwd = folder({ 'main.mjs': `export const app = { fetch() { return 'text' } }` })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    expect(await ask(port, '/')).toMatchObject({ result: '500' })
    await command.printed('500 Internal Server Error')
    expect(command.plain).toContain("TypeError: The handler returned 'text' instead of a Response.")
  })
})
