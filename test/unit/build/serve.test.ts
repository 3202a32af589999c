import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const site = mkdtempSync(join(tmpdir(), 'site-'))
const LONG = '0123456789'.repeat(1000)
let child: ChildProcess | undefined

beforeAll(() => {
  mkdirSync(join(site, 'ko'))
  writeFileSync(join(site, 'index.html'), 'home')
  writeFileSync(join(site, '404.html'), 'nothing here')
  writeFileSync(join(site, 'ko/index.html'), '안녕')
  mkdirSync(join(site, '한'))
  writeFileSync(join(site, '한/index.html'), '한')
  writeFileSync(join(site, 'long.txt'), LONG)
  writeFileSync(join(site, 'a b.css'), 'css')
})
afterEach(() => child?.kill())
afterAll(() => {
  rmSync(site, { recursive: true })
})

/** Starts the server as `npm start` does after the build; its first line and its exit code, whichever comes first. */
async function serve(environment: Record<string, string>): Promise<{ line: string; code?: number | null }> {
  const served = spawn('node', ['src/build/serve.ts'], {
    env: { ...process.env, OUT_DIR: site, PORT: '0', BASE: '', ...environment },
  })
  child = served
  const [line, code] = await Promise.race([
    once(served.stdout, 'data').then(([text]) => [String(text), undefined] as const),
    Promise.all([once(served.stderr, 'data'), once(served, 'exit')]).then(
      ([[text], [code]]) => [String(text), code as number | null] as const,
    ),
  ])
  return { line, ...(code !== undefined && { code }) }
}

/** The address in the line that says where the guide is. */
const addressIn = (line: string) => /http:\S+/.exec(line)?.[0] ?? ''

test('pages, files, folders without a slash and what is not there', async () => {
  const { line } = await serve({})
  const address = addressIn(line)
  expect(line).toBe(`Server Workers is at ${address} (Ctrl+C stops it)\n`)
  expect(await (await fetch(address)).text()).toBe('home')
  const page = await fetch(`${address}ko/`)
  expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html; charset=utf-8', '안녕'])
  expect((await fetch(`${address}a%20b.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8')
  const folder = await fetch(`${address}ko?x=1`, { redirect: 'manual' })
  expect([folder.status, folder.headers.get('location')]).toEqual([301, '/ko/?x=1'])
  const missing = await fetch(`${address}none/`)
  expect([missing.status, await missing.text()]).toEqual([404, 'nothing here'])
  expect((await fetch(`${address}..%2f..%2fetc/passwd`)).status).toBe(404)
  expect((await fetch(address, { method: 'POST' })).status).toBe(405)
})

test('a base path', async () => {
  const { line } = await serve({ BASE: 'guide' })
  const address = addressIn(line)
  expect(address).toMatch(/\/guide\/$/)
  expect(await (await fetch(`${address}ko/`)).text()).toBe('안녕')
  expect((await fetch(new URL('/ko/', address))).status).toBe(404)
  expect((await fetch(address.slice(0, -1), { redirect: 'manual' })).headers.get('location')).toBe('/guide/')
})

test('a part of a file, as it is; the whole file compressed', async () => {
  const address = addressIn((await serve({})).line)
  const part = await fetch(`${address}long.txt`, { headers: { range: 'bytes=5-9', 'accept-encoding': 'br' } })
  expect([part.status, part.headers.get('content-range'), part.headers.get('content-encoding')]).toEqual([
    206,
    'bytes 5-9/10000',
    null,
  ])
  expect(await part.text()).toBe('56789')
  const last = await fetch(`${address}long.txt`, { headers: { range: 'bytes=-3' } })
  expect([last.status, await last.text()]).toEqual([206, '789'])
  const beyond = await fetch(`${address}long.txt`, { headers: { range: 'bytes=20000-' } })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10000'])
  const [head, body] = await raw(address, 'GET /long.txt HTTP/1.0\r\nAccept-Encoding: gzip, br\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(head).toMatch(/^Content-Encoding: br\r$/m)
  expect(head).toMatch(/^cache-control: no-cache\r$/m)
  expect(head).toMatch(/^Vary: Accept-Encoding\r$/m)
  expect(brotliDecompressSync(body).toString()).toBe(LONG)
})

/** Addresses that ended this server once, or led elsewhere, and their kin. */
const HOSTILE = [
  '/%ED%95%9C/..%2fko',
  '/%ED%95%9C',
  '//evil.example/..%2fko',
  '//evil.example/%2e%2e/ko',
  '/\\evil.example/..%2fko',
  '/%5cevil.example/..%2fko',
  '/%2f%2fevil.example%2f..%2f..%2fko',
  'http://evil.example/ko',
  'http://[/ko',
  '/ko?next=//evil.example/',
  '/%0d%0aset-cookie:a=b/..%2fko',
  '/%00',
  '/%',
  '/%e0%a4%a',
  '/..%5c..%5cetc%5cpasswd',
  `/${'../'.repeat(500)}etc/passwd`,
  '*',
]

test('whatever is asked for, the server lives, stays in its folder and sends nobody to another host', async () => {
  const address = addressIn((await serve({})).line)
  const { port } = new URL(address)
  const odd = fc.constantFrom(
    '/',
    '//',
    '\\',
    '%2f',
    '%5c',
    '..',
    '%2e%2e',
    '%00',
    '%0d%0a',
    '%ED%95%9C',
    '한',
    '%',
    ' ',
    '?',
    '#',
    '@',
    ':',
    'ko',
    'evil.example',
    'http:',
    '\0',
    '\t',
    '\u007f',
    '\u00ff',
  )
  const target = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.array(odd, { minLength: 1, maxLength: 8 }).map((parts) => `/${parts.join('')}`),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  const method = fc.constantFrom(
    'GET',
    'GET',
    'GET',
    'HEAD',
    'POST',
    'OPTIONS',
    'CONNECT',
    'TRACE',
    'get',
    '',
  )
  const header = fc.constantFrom(
    '',
    'Range: bytes=5-2\r\n',
    'Range: bytes=-\r\n',
    'Range: bytes=--5\r\n',
    'Range: bytes=0-1,2-3\r\n',
    'Expect: nothing\r\n',
    'Upgrade: x\r\nConnection: Upgrade\r\n',
    'If-None-Match: *\r\n',
    'Accept-Encoding: br;q=x, \r\n',
    'Content-Length: -1\r\n',
  )
  await fc.assert(
    fc.asyncProperty(method, target, header, async (word, where, more) => {
      const line = `${word} ${where} HTTP/1.1\r\n`
      const [head, body] = await raw(
        address,
        `${line}Host: 127.0.0.1:${port}\r\n${more}Connection: close\r\n\r\n`,
      )
      if (word !== 'CONNECT') expect(head).toMatch(/^HTTP\/1\.1 [234]/)
      expect(head).not.toMatch(/^set-cookie/im)
      const [, location] = /^location: (.*)\r$/im.exec(head) ?? []
      if (location !== undefined) expect(new URL(location, address).origin).toBe(new URL(address).origin)
      expect(body.toString()).not.toMatch(/root:|node_modules|\bat \S+:\d+/)
    }),
    {
      numRuns: 1000,
      seed: Number(process.env.SEED ?? 20261129),
      examples: HOSTILE.map((where) => ['GET', where, '']),
    },
  )
  expect(child?.exitCode).toBeNull()
  expect(await (await fetch(address)).text()).toBe('home')
}, 60_000)

/** What the server answers to these bytes, in its head and its body. */
async function raw(address: string, bytes: string): Promise<readonly [head: string, body: Buffer]> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(address).port) })
  socket.on('error', () => undefined)
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  socket.write(bytes)
  await once(socket, 'close')
  const all = Buffer.concat(pieces)
  const end = all.indexOf('\r\n\r\n')
  return [all.subarray(0, end + 2).toString('latin1'), all.subarray(end + 4)]
}

test('Ctrl+C ends it quietly', async () => {
  await serve({})
  child?.kill('SIGINT')
  if (child) expect(await once(child, 'exit')).toEqual([0, null])
})

test('it does not outlive the npm that runs it', async () => {
  const shell = spawn('sh', ['-c', 'node src/build/serve.ts; true'], {
    env: { ...process.env, OUT_DIR: site, PORT: '0', BASE: '', npm_lifecycle_event: 'start' },
  })
  child = shell
  const [line] = (await once(shell.stdout, 'data')) as [Buffer]
  const closed = once(shell.stdout, 'close')
  shell.kill()
  await closed
  await expect(fetch(addressIn(String(line)))).rejects.toThrow()
})

test('a taken port is named, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const outcome = await serve({ PORT: String(port) })
  other.close()
  expect(outcome).toEqual({
    line: `Port ${port} is already in use. Stop the program that uses it, or take another: PORT=${port + 1} npm start\n`,
    code: 1,
  })
})

test('a port that is none', async () => {
  expect(await serve({ PORT: 'http' })).toEqual({
    line: 'PORT must be a whole number from 0 to 65535, but it is "http". Try: PORT=4322 npm start\n',
    code: 1,
  })
})

test('a guide that is not built', async () => {
  const outcome = await serve({ OUT_DIR: join(site, 'nothing') })
  expect(outcome).toEqual({
    line: `There is no built guide in ${join(site, 'nothing')}. Try: npm run build\n`,
    code: 1,
  })
})
