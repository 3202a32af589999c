import { symlinkSync } from 'node:fs'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { folder, serving } from './real/app.ts'
import { ask, openWebSocket, textOf } from './real/client.ts'
import { FRAMEWORKS } from './real/frameworks.ts'

/** A folder whose application may import what is installed here. */
function withPackages(files: Readonly<Record<string, string>>): string {
  const path = folder(files)
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(path, 'node_modules'))
  return path
}

it.each(Object.entries(FRAMEWORKS))(
  '%s answers, and an exception costs one answer and no worker',
  async (_, source) => {
    const cwd = withPackages({ 'main.mjs': source })
    const { command, port } = await serving('uvicorn main:app --port {port} --workers 2', { cwd })
    expect(await textOf(port, '/')).toBe('hello')
    expect(await ask(port, '/boom')).toMatchObject({ result: '500' })
    expect(await ask(port, '/later')).toMatchObject({ result: '500' })
    await command.printed('Error: later')
    expect(await textOf(port, '/')).toBe('hello')
    expect(command.workers).toHaveLength(2)
    expect(command.living).toHaveLength(2)
  },
)

it('a connection becomes a WebSocket; an exception closes it, and no worker dies', async () => {
  const cwd = withPackages({
    'main.mjs': `import { createServer } from 'node:http'
      import { WebSocketServer } from 'ws'
      export const app = createServer((req, res) => res.end('hello'))
      new WebSocketServer({ server: app }).on('connection', (socket) => {
        socket.on('message', (data) => {
          if (String(data) === 'boom') throw new Error('in a message')
          socket.send('echo ' + data)
        })
      })`,
  })
  const { command, port } = await serving('uvicorn main:app --port {port} --workers 2', { cwd })
  const socket = await openWebSocket(port, '/')
  socket.send('hi')
  const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
  expect(message.data).toBe('echo hi')
  socket.send('boom')
  await once(socket, 'close')
  await command.printed('Error: in a message')
  expect(await textOf(port, '/')).toBe('hello')
  expect(command.living).toEqual(command.workers)
})

it('Fastify: its plugin for WebSockets has its routes', async () => {
  const cwd = withPackages({
    'main.mjs': `import fastify from 'fastify'
      import webSocket from '@fastify/websocket'
      export const app = fastify()
      app.register(webSocket)
      app.register(async (part) => {
        part.get('/ws', { websocket: true }, (socket) => { socket.on('message', (data) => socket.send('echo ' + data)) })
      })`,
  })
  const { port } = await serving('uvicorn main:app --port {port}', { cwd })
  const socket = await openWebSocket(port, '/ws')
  socket.send('hi')
  const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
  expect(message.data).toBe('echo hi')
  socket.close()
})

it.each([
  ['uvicorn', 'TERM', 'uvicorn main:app --port {port}'],
  ['uvicorn', 'HUP', 'uvicorn main:app --port {port} --workers 2'],
  [
    'gunicorn',
    'HUP',
    'gunicorn main:app --workers 2 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port}',
  ],
] as const)(
  'a WebSocket is closed with 1012 when its worker stops (%s, SIG%s), and the application hears of it',
  async (_, signal, line) => {
    const cwd = withPackages({
      'main.mjs': `import { createServer } from 'node:http'
      import { WebSocketServer } from 'ws'
      export const app = createServer((req, res) => res.end('hello'))
      new WebSocketServer({ server: app }).on('connection', (socket) => {
        socket.on('close', (code) => console.log('closed with', code))
      })
      app.shutdown = () => console.log('shut down')`,
    })
    const { command, port } = await serving(line, { cwd })
    const socket = await openWebSocket(port, '/')
    command.kill(command.pid, signal)
    const [end] = (await once(socket, 'close')) as [CloseEvent]
    expect(end.code).toBe(1012)
    await command.printed('closed with 1012')
    await command.printed('shut down', signal === 'HUP' ? 2 : 1)
    expect(command.plain).not.toContain('Traceback')
  },
)

it('--ws none: a request for an upgrade is one like any other', async () => {
  const cwd = withPackages({
    'main.mjs': `import { createServer } from 'node:http'
      export const app = createServer((req, res) => res.end('hello'))
      app.on('upgrade', (req, socket) => socket.destroy())`,
  })
  const { port } = await serving('uvicorn main:app --port {port} --ws none', { cwd })
  const headers = { connection: 'Upgrade', upgrade: 'websocket' }
  const asked = get({ host: '127.0.0.1', port, agent: false, headers })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(200)
  expect(await text(response)).toBe('hello')
})
