import { describe, expect, it } from 'vitest'
import { folder, serving } from './real/app.ts'
import { RawClient, statusOf } from './real/raw.ts'

const REST = 'Host: x\r\n\r\n'

/** What uvicorn 0.54.0 answers for an application that says 200 to everything (with httptools, whose parser is Node's as well). */
const ANSWERS: Readonly<Record<string, readonly [request: string, status: number]>> = {
  'a health check in HTTP/1.0': ['GET / HTTP/1.0\r\n\r\n', 200],
  'OPTIONS in HTTP/1.0': ['OPTIONS / HTTP/1.0\r\n\r\n', 200],
  'no host': ['GET / HTTP/1.1\r\n\r\n', 200],
  'an empty host': ['GET / HTTP/1.1\r\nHost:\r\n\r\n', 200],
  'a host with a space': ['GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 200],
  'a host with all that a host has not': ['GET / HTTP/1.1\r\nHost: u@x/y?\r\n\r\n', 200],
  'half an address': ['GET / HTTP/1.1\r\nHost: [::1\r\n\r\n', 200],
  'a port that there is not': ['GET / HTTP/1.1\r\nHost: a_b.c:99999\r\n\r\n', 200],
  'a host of other letters': ['GET / HTTP/1.1\r\nHost: b\xc3\xbccher\r\n\r\n', 200],
  'a short address': ['GET / HTTP/1.1\r\nHost: 127.1\r\n\r\n', 200],
  'two hosts': ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 200],
  'OPTIONS *': [`OPTIONS * HTTP/1.1\r\n${REST}`, 200],
  'a backslash': [`GET /a\\b HTTP/1.1\r\n${REST}`, 200],
  'a whole address': [`GET http://other/x HTTP/1.1\r\n${REST}`, 200],
  'an address of another kind': [`GET ftp://other/x HTTP/1.1\r\n${REST}`, 200],
  'two slashes': [`GET //other/x HTTP/1.1\r\n${REST}`, 200],
  'a percent sign that is none': [`GET /%zz%00 HTTP/1.1\r\n${REST}`, 200],
  'a long address': [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${REST}`, 200],
  'another expectation': [`GET / HTTP/1.1\r\nExpect: foo\r\n${REST}`, 200],
  'HTTP/2 wanted': [`GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${REST}`, 200],
  TRACE: [`TRACE / HTTP/1.1\r\n${REST}`, 200],
  CONNECT: ['CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 400],
  'no slash': [`GET x HTTP/1.1\r\n${REST}`, 400],
  'a space': [`GET /a b HTTP/1.1\r\n${REST}`, 400],
  'a method that there is not': [`FOO / HTTP/1.1\r\n${REST}`, 400],
  'TLS where there is none': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  'a length that is none': [`POST / HTTP/1.1\r\nContent-Length: abc\r\n${REST}`, 400],
}

describe('whatever a client sends gets the status that the original gives', () => {
  it.each([
    ['a web-standard handler', '(request) => new Response(new URL(request.url).pathname)'],
    ['a listener', '(req, res) => { res.end() }'],
  ])('%s', async (_, handler) => {
    const cwd = folder({ 'main.mjs': `export const app = ${handler}` })
    const { command, port } = await serving('uvicorn main:app --port {port}', { cwd })
    const got: Record<string, number | undefined> = {}
    for (const [name, [request]] of Object.entries(ANSWERS)) got[name] = await statusOf(port, request)
    expect(got).toEqual(
      Object.fromEntries(Object.entries(ANSWERS).map(([name, [, status]]) => [name, status])),
    )
    expect(command.plain).not.toContain('Traceback')
  })

  it('what the handler sees then: our own address for the host, and the path as it was typed', async () => {
    const cwd = folder({ 'main.mjs': `export const app = (request) => new Response(request.url)` })
    const { port } = await serving('uvicorn main:app --port {port}', { cwd })
    const seen = async (request: string) => {
      const client = await RawClient.open(port)
      await client.say(request).heard('\r\n\r\nhttp')
      client.socket.destroy()
      return client.text.split('\r\n\r\n')[1]
    }
    expect(await seen('GET /a?b HTTP/1.0\r\n\r\n')).toBe(`http://127.0.0.1:${port}/a?b`)
    expect(await seen('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('http://x/*')
    expect(await seen('GET /a\\b?c\\d HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('http://x/a%5Cb?c\\d')
  })
})

describe('how long a connection is kept', () => {
  const REQUEST = `GET / HTTP/1.1\r\n${REST}`
  /** How long Node keeps it, and what it adds to that by itself: a machine that is busy makes any clock of ours useless. */
  const SAYS_HOW_LONG = `export const app = (req, res) => {
    const { keepAliveTimeout, keepAliveTimeoutBuffer = 0 } = req.socket.server
    res.end('held ' + (keepAliveTimeout + keepAliveTimeoutBuffer) + ' ms;')
  }`
  const held = async (option: string) => {
    const cwd = folder({ 'main.mjs': SAYS_HOW_LONG })
    const { port } = await serving(`uvicorn main:app --port {port} ${option}`, { cwd })
    const client = await RawClient.open(port)
    await client.say(REQUEST).heard('ms;')
    await client.closed
    return client.text
  }

  it('--timeout-keep-alive 0: it is closed at once, and the client told before', async () => {
    expect(await held('--timeout-keep-alive 0')).toContain('Connection: close')
  })

  it('--timeout-keep-alive 2: two seconds, and not one more', async () => {
    const text = await held('--timeout-keep-alive 2')
    expect(text).toContain('Keep-Alive: timeout=2')
    expect(text).toContain('held 2000 ms;')
  })

  it('gunicorn --keep-alive 0: at once as well', async () => {
    const cwd = folder({ 'main.mjs': `export const app = (req, res) => { res.end('hello') }` })
    const line = `gunicorn main:app --workers 1 --worker-class uvicorn.workers.UvicornWorker --keep-alive 0 --bind 127.0.0.1:{port}`
    const { port } = await serving(line, { cwd })
    const client = await RawClient.open(port)
    expect(await client.say(REQUEST).heard('hello')).toContain('Connection: close')
    await client.closed
  })
})
