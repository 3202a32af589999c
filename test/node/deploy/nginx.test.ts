import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as secure } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { json } from 'node:stream/consumers'
import { join } from 'node:path'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { folder, reachable } from '../real/app.ts'
import { FIXTURE } from '../real/command.ts'
import { freePort } from '../real/ports.ts'
import { file, program, replaced } from './tools.ts'

/** An application that answers with the headers and the path that it got, and agrees to every upgrade. */
async function application(): Promise<number> {
  const server = createServer((incoming, outgoing) =>
    outgoing.end(JSON.stringify({ ...incoming.headers, path: incoming.url })),
  )
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** nginx with the guide's file, on ports of its own. */
async function nginx(context: TestContext): Promise<{ plain: number; tls: number }> {
  const path = program('nginx', 'nginx-light', context)
  const home = folder({})
  const [plain, tls] = [await freePort(), await freePort()]
  const shop = replaced(file('nginx/shop.conf'), {
    'listen 80;': `listen 127.0.0.1:${plain};`,
    'listen 443 ssl;': `listen 127.0.0.1:${tls} ssl;`,
    '127.0.0.1:8000': `127.0.0.1:${await application()}`,
    '/etc/letsencrypt/live/shop.example/fullchain.pem': join(FIXTURE, 'cert.pem'),
    '/etc/letsencrypt/live/shop.example/privkey.pem': join(FIXTURE, 'key.pem'),
    '/var/www/acme': home,
    '    client_max_body_size 10m;': file('nginx/prefix.conf'),
  })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${home};`,
  )
  const conf = join(home, 'nginx.conf')
  writeFileSync(
    conf,
    `daemon off; pid ${home}/pid; error_log stderr; events {}\nhttp { access_log off; ${temporary.join(' ')}\n${shop} }\n`,
  )
  const judged = spawnSync(path, ['-t', '-e', 'stderr', '-p', home, '-c', conf], { encoding: 'utf8' })
  expect(judged.stderr).toContain('test is successful')
  expect(judged.stderr).not.toContain('[warn] conflicting')
  const server = spawn(path, ['-e', 'stderr', '-p', home, '-c', conf])
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill()
    await ended
  })
  await reachable(tls)
  return { plain, tls }
}

const from = (port: number) => ({ host: '127.0.0.1', port, agent: false, path: '/cart?n=1' }) as const

test('nginx tells the application the name, the scheme and the client’s real address, whatever the client wrote', async (context) => {
  const { tls } = await nginx(context)
  const headers = { host: 'shop.example', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'http' }
  const asked = secure({
    ...from(tls),
    headers,
    ca: readFileSync(join(FIXTURE, 'cert.pem')),
    checkServerIdentity: () => undefined,
  })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const seen = (await json(answer)) as IncomingHttpHeaders
  expect(seen).toMatchObject({
    host: 'shop.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '127.0.0.1',
  })
  // Kept open towards the application.
  expect(seen.connection).not.toBe('close')
})

test('nginx sends plain HTTP to HTTPS with the whole address', async (context) => {
  const { plain } = await nginx(context)
  const asked = request({ ...from(plain), headers: { host: 'shop.example' } })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  expect([answer.statusCode, answer.headers.location]).toEqual([308, 'https://shop.example/cart?n=1'])
})

test('a WebSocket’s upgrade gets through nginx', async (context) => {
  const { tls } = await nginx(context)
  const headers = { host: 'shop.example', connection: 'Upgrade', upgrade: 'websocket' }
  const asked = secure({
    ...from(tls),
    headers,
    ca: readFileSync(join(FIXTURE, 'cert.pem')),
    checkServerIdentity: () => undefined,
  })
  asked.end()
  const [answer, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket]
  socket.destroy()
  expect(answer.statusCode).toBe(101)
})

test('nginx takes a prefix away, and leaves the paths of other locations alone', async (context) => {
  const { tls } = await nginx(context)
  const ca = readFileSync(join(FIXTURE, 'cert.pem'))
  for (const [path, seen] of [
    ['/api/items/?n=1', '/items/?n=1'],
    ['/apis', '/apis'],
  ] as const) {
    const headers = { host: 'shop.example', 'x-forwarded-for': '1.2.3.4' }
    const asked = secure({ ...from(tls), path, headers, ca, checkServerIdentity: () => undefined })
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect(await json(answer)).toMatchObject({
      path: seen,
      host: 'shop.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '127.0.0.1',
    })
  }
})
