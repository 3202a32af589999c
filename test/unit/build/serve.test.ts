import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const site = mkdtempSync(join(tmpdir(), 'site-'))
let child: ChildProcess | undefined

beforeAll(() => {
  mkdirSync(join(site, 'ko'))
  writeFileSync(join(site, 'index.html'), 'home')
  writeFileSync(join(site, '404.html'), 'nothing here')
  writeFileSync(join(site, 'ko/index.html'), '안녕')
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
