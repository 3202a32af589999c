import { createServer } from 'node:http'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { folder, serving } from './real/app.ts'

/** Another server, which says what it was asked for; at `/gz` it packs that. */
async function upstream(): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const text = `${request.method ?? ''} ${request.url ?? ''} ${Buffer.concat(pieces).toString()}`
      if (request.url !== '/gz') return response.end(text)
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(text))
    })
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What the application below answers, by path. */
const ANSWERS: Readonly<Record<string, readonly [status: number, text: string, type?: string]>> = {
  '/fetched': [200, 'GET /up '],
  '/packed': [200, 'GET /gz '],
  '/clone': [200, 'made before'],
  '/passed-on': [200, 'POST /up sent'],
  '/the-same': [200, 'POST /same sent'],
  '/known': [200, '[true,true,true,true,false]', 'application/json'],
  '/blob': [200, 'picture', 'image/png'],
  '/late-blob': [200, 'picture', 'image/png'],
  '/hono': [200, 'GET /up '],
  '/bad-value': [500, 'Internal Server Error'],
  '/late-bad-value': [500, 'Internal Server Error'],
  '/bad-headers': [500, 'Internal Server Error'],
  '/bad-status': [500, 'Internal Server Error'],
  '/odd-stack': [500, 'Internal Server Error'],
  '/null': [500, 'Internal Server Error'],
}

it('responses and requests are what they are, whoever made them; nothing inner is told to the client', async () => {
  const up = await upstream()
  const cwd = folder({
    'main.mjs': `import { Hono } from 'hono'
      const UP = '${up}'
      const before = new Response('made before')
      const blob = new Blob(['picture'], { type: 'image/png' })
      const hono = new Hono()
      hono.get('/hono', () => fetch(UP + '/up'))
      const answers = {
        '/fetched': () => fetch(UP + '/up'),
        '/packed': () => fetch(UP + '/gz'),
        '/clone': () => before.clone(),
        '/passed-on': (request) => fetch(new Request(UP + '/up', request)),
        '/the-same': (request) => fetch(UP + '/same', request),
        '/known': async (request) => Response.json([
          (await fetch(UP)) instanceof Response, request instanceof Request, new Request(UP) instanceof Request,
          before instanceof Response, {} instanceof Response,
        ]),
        '/blob': () => new Response(blob),
        '/late-blob': async () => { const made = new Response(blob); made.headers.set('a', 'b'); return made },
        '/hono': (request) => hono.fetch(request),
        '/bad-value': () => new Response('x', { headers: { a: 'b\\nc' } }),
        '/late-bad-value': async () => new Response('x', { headers: { a: 'b\\nc' } }),
        '/bad-headers': async () => new Response('x', { headers: new Headers({ a: 'b\\x01c' }) }),
        '/bad-status': async () => new Response('x', { status: 1000 }),
        '/odd-stack': () => { throw Object.assign(new Error('odd'), { stack: 42 }) },
        '/null': () => { throw null },
      }
      export const app = (request) => answers[new URL(request.url).pathname](request)`,
  })
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(cwd, 'node_modules'))
  const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
  const got: Record<string, readonly [number, string, string?]> = {}
  for (const [path, [, text, type]] of Object.entries(ANSWERS)) {
    const init = text.startsWith('POST') ? { method: 'POST', body: 'sent' } : {}
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    const shown = type === undefined ? [] : [response.headers.get('content-type') ?? '']
    got[path] = [response.status, await response.text(), ...shown] as [number, string, string?]
  }
  expect(got).toEqual(ANSWERS)
  expect(command.plain).not.toContain('server-workers')
})

it('a request of the adapter is one for fetch as well', async () => {
  const cwd = folder({
    'main.mjs': `export const app = async (request) => {
      if (request.headers.has('x-again')) return new Response('again ' + await request.text())
      request.headers.set('x-again', '1')
      return fetch(request)
    }`,
  })
  const { port } = await serving('uvicorn main:app --port {port}', { cwd })
  const asked = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'sent' })
  expect(await asked.text()).toBe('again sent')
})

it('a response whose body is gone is a mistake that is named', async () => {
  const cwd = folder({ 'main.mjs': `const made = new Response('once'); export const app = () => made` })
  const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('once')
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(500)
  await command.printed('TypeError: The handler returned a Response whose body was read or sent before.')
})
