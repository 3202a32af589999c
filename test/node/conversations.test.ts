import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { folder, serving } from './real/app.ts'
import { textOf } from './real/client.ts'

/** The same application in both shapes. */
const SHAPES: Readonly<Record<string, string>> = {
  'an object with fetch': `
    let aborted = 0
    export const app = { async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === '/size') return new Response(String((await request.arrayBuffer()).byteLength))
      if (pathname === '/echo') return new Response(request.body)
      if (pathname === '/large') return new Response(new Uint8Array(20_000_000).fill(97))
      if (pathname === '/aborted') return new Response(String(aborted))
      if (pathname === '/hang') {
        request.signal.addEventListener('abort', () => { aborted++; console.log('hung up') })
        console.log('hanging')
        await new Promise(() => {})
      }
      return new Response('hello', { headers: { 'x-method': request.method } })
    } }`,
  'a (req, res) listener': `
    let aborted = 0
    export const app = async (req, res) => {
      if (req.url === '/size') {
        let size = 0
        for await (const piece of req) size += piece.length
        return res.end(String(size))
      }
      if (req.url === '/echo') return req.pipe(res)
      if (req.url === '/large') return res.end(Buffer.alloc(20_000_000, 97))
      if (req.url === '/aborted') return res.end(String(aborted))
      if (req.url === '/hang') {
        console.log('hanging')
        return res.once('close', () => { aborted++; console.log('hung up') })
      }
      res.setHeader('x-method', req.method)
      res.end('hello')
    }`,
}

describe.each(Object.entries(SHAPES))('%s', (_, source) => {
  const run = (options = '') =>
    serving(`uvicorn main:app --port {port} ${options}`, { cwd: folder({ 'main.mjs': source }) })

  it('answers HEAD with the head alone', async () => {
    const { port } = await run()
    const response = await send(port, 'HEAD', '/')
    expect(response.headers['x-method']).toBe('HEAD')
    expect(await text(response)).toBe('')
  })

  it('streams a request and its answer at the same time', async () => {
    const { port } = await run()
    const asked = request({ host: '127.0.0.1', port, path: '/echo', method: 'POST', agent: false })
    asked.write('one')
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const [first] = (await once(response, 'data')) as [Buffer]
    expect(first.toString()).toBe('one')
    asked.end('two')
    expect(await text(response)).toBe('two')
  })

  it('takes and gives large bodies whole', async () => {
    const { port } = await run()
    const asked = request({ host: '127.0.0.1', port, path: '/size', method: 'POST', agent: false })
    asked.end(Buffer.alloc(20_000_000))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    expect(await text(response)).toBe('20000000')
    expect((await buffer(await send(port, 'GET', '/large'))).length).toBe(20_000_000)
  })

  it('tells a client that asks first to go on', async () => {
    const { port } = await run()
    const headers = { expect: '100-continue', 'content-length': 5 }
    const asked = request({ host: '127.0.0.1', port, path: '/size', method: 'POST', agent: false, headers })
    asked.flushHeaders()
    await once(asked, 'continue')
    asked.end('12345')
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    expect(await text(response)).toBe('5')
  })

  it('learns that a client has hung up', async () => {
    const { command, port } = await run()
    const socket = connect({ host: '127.0.0.1', port })
    socket.write('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n')
    await command.printed('hanging')
    socket.destroy()
    await command.printed('hung up')
    expect(await textOf(port, '/aborted')).toBe('1')
    expect(command.ended).toBeUndefined()
  })
})

async function send(port: number, method: string, path: string): Promise<IncomingMessage> {
  const asked = request({ host: '127.0.0.1', port, path, method, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return response
}
