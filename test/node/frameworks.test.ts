import { symlinkSync } from 'node:fs'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { folder, serving } from './real/app.ts'
import { ask, textOf } from './real/client.ts'
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
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
  await once(socket, 'open')
  socket.send('hi')
  const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
  expect(message.data).toBe('echo hi')
  socket.send('boom')
  await once(socket, 'close')
  await command.printed('Error: in a message')
  expect(await textOf(port, '/')).toBe('hello')
  expect(command.living).toEqual(command.workers)
})

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
