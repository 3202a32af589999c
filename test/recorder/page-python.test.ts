/** The Python in the page with FastAPI itself: it answers as the real uvicorn does with the same FastAPI. */
import { readFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pythonPackages } from '../../src/build/python-packages.ts'
import type { HeaderList } from '../../simulator/machine/network/headers.ts'
import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import { folder } from '../node/real/app.ts'
import { endGuests } from '../unit/python/guest.ts'
import { play, type At } from '../unit/python/play.ts'
import { alwaysInTurn } from '../setup/seed.ts'
import { begin } from './begin.ts'
import { environmentWith, type Environment } from './environment.ts'
import { WITHOUT_PYPI } from './pypi.ts'
import { isEndless, isLast, twins } from './twins.ts'

interface Asked {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** What came back. An exception of the application is the server's 500; after the answer has begun it closes the connection. */
type Said =
  | {
      readonly status: number | undefined
      readonly headers: HeaderList
      readonly body: string
    }
  | 'closed'

const JSON_TYPE = { 'content-type': 'application/json' }
const post = (path: string, body: unknown, method = 'POST'): Asked => ({
  method,
  path,
  headers: JSON_TYPE,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const get = (path: string, headers?: Asked['headers']): Asked => ({
  path,
  ...(headers && { headers }),
})

const APPLICATIONS: Readonly<Record<string, readonly Asked[]>> = {
  models: [
    post('/items', { name: ' spoon ', price: 2, tags: ['a', 'a'], makers: [{ name: 'Ada', founded: 1900 }] }),
    post('/items', { name: 'spoon1', price: -1, size: 'huge', kind: 'x', colour: 'red' }),
    post('/items', { name: 'spoon', price: '3.5', makers: [{ name: 'A' }, 'B'] }),
    post('/items', '{"name": '),
    post('/items', []),
    { method: 'POST', path: '/items' },
    post('/items/3?force=yes', { item: { name: 'x', price: 1 } }, 'PUT'),
    post('/items/0?force=maybe', { item: { name: 'x' } }, 'PUT'),
    post('/range', { low: 1, high: 2 }),
    post('/range', { low: 3, high: 2 }),
    post('/secret', { name: 'a', password: 'b' }),
    ...['/search?q=abc', '/search?q=A1&size=tiny&page=11', '/search', '/search?q=abc&tag=a&tag=b'].map(
      (path) => get(path),
    ),
    get(
      '/types?day=2024-02-29&at=2024-02-29T10:00:00Z&id=12345678-1234-5678-1234-567812345678&amount=1.10&wait=90',
    ),
    get('/types?day=2023-02-29&at=x&id=1&amount=one&wait=soon'),
    get('/head', { 'user-agent': 'curl', 'x-token': 'a' }),
    get('/crumb', { cookie: 'session=abc; other=1' }),
    get('/wrong'),
    get('/files/a/b%20c.txt'),
    get('/openapi.json'),
    get('/items'),
  ],
  answers: [
    ...['/html', '/moved', '/empty', '/teapot', '/unlucky/13', '/unlucky/x', '/boom', '/cookie'],
    ...['/stream', '/sync-stream', '/depends', '/depends', '/later', '/gather', '/timeout', '/group'],
    ...['/big', '/v1/users/ada', '/v1/users/ada/', '/mounted/', '/mounted', '/basic', '/bearer', '/nowhere'],
    ...['/seen', '/docs'],
  ]
    .map((path) => get(path))
    .concat([
      get('/who', { 'x-who': 'Ada' }),
      get('/cookies', { 'x-twice': ['a', 'b'] }),
      get('/basic', { authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}` }),
      get('/bearer', { authorization: 'Bearer token' }),
      get('/html', { origin: 'https://example.org' }),
      {
        method: 'OPTIONS',
        path: '/html',
        headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
      },
      {
        method: 'POST',
        path: '/form',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'name=Ada+L&age=36',
      },
      {
        method: 'POST',
        path: '/form',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'age=x',
      },
      { method: 'DELETE', path: '/v1/users/ada' },
      { method: 'POST', path: '/html' },
    ]),
  plain: [
    get('/a%20b?c=d%26', { 'x-kind': 'one' }),
    { method: 'PUT', path: '/', body: 'some text' },
    get('/nothing'),
    get('/twice'),
  ],
}

/** Applications that end before they serve; and those whose model needs more than the 64 MB that a worker has in the page. */
const LEFT_OUT = ['failing-startup', 'crash-import', 'model', 'the lab memory']

/** What a server adds by itself, or a client's connection decides. */
const SERVERS_OWN = ['date', 'server', 'connection', 'transfer-encoding', 'keep-alive']

afterAll(endGuests)

describe.skipIf(WITHOUT_PYPI !== undefined)(
  `the Python in the page answers as the real uvicorn with the same FastAPI${WITHOUT_PYPI ?? ''}`,
  () => {
    let environment: Environment
    let packages: string
    beforeAll(async () => {
      packages = (await pythonPackages()).path
      const list = readFileSync('simulator/python/packages.txt', 'utf8')
      environment = await environmentWith(`page-${defaultSpeaker('uvicorn').version}`, [
        `uvicorn==${defaultSpeaker('uvicorn').version}`,
        ...[...list.matchAll(/^(\S+==\S+)/gm)].map(([, each]) => each ?? ''),
      ])
    }, 240_000)

    const answerAlike = async (source: string, asked: readonly Asked[]) => {
      const python = join(environment.folder, 'bin/python')
      const { port, pid } = await begin([python, '-m', 'uvicorn'], folder({ 'main.py': source }), {})
      const theirs: Said[] = []
      for (const each of asked) theirs.push(await saidBy(port, each))
      const ours = await inPage(source, asked, { port, pid, packages })
      for (const [i, each] of asked.entries()) {
        const what = `${each.method ?? 'GET'} ${each.path}`
        expect([what, ours[i]]).toEqual([what, theirs[i]])
      }
    }

    test.each(Object.keys(APPLICATIONS))('%s.py', { timeout: 240_000 }, async (name) => {
      const source = readFileSync(join(import.meta.dirname, 'python', `${name}.py`), 'utf8')
      await answerAlike(source, APPLICATIONS[name] ?? [])
    })

    const shown = twins.filter(({ id }) => !LEFT_OUT.includes(id))
    const inThisRun = alwaysInTurn("the page's applications on the real uvicorn", shown, 1 / 6, 1 / 3)
    test.each(inThisRun.map((pair) => [pair.id, pair] as const))(
      'main.py of %s',
      { timeout: 240_000 },
      async (_, { py, asked }) => {
        await answerAlike(
          py,
          asked.filter((path) => !isEndless(path) && !isLast(path)).map((path) => get(path)),
        )
      },
    )
  },
)

function saidBy(port: number, { method = 'GET', path, headers = {}, body }: Asked): Promise<Said> {
  return new Promise((resolve, reject) => {
    const given = { ...headers, ...lengthOf(body) }
    const request = ask(
      { host: '127.0.0.1', port, method, path, headers: given, agent: false },
      (response) => {
        text(response).then(
          (all) =>
            resolve({ status: response.statusCode, headers: own(pairs(response.rawHeaders)), body: all }),
          () => resolve('closed'),
        )
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}

/** What the same requests are answered in the page, one after the other. */
async function inPage(
  source: string,
  asked: readonly Asked[],
  { port, pid, packages }: { readonly port: number; readonly pid: number; readonly packages: string },
): Promise<readonly Said[]> {
  const requests = asked.map(({ method = 'GET', path, headers = {}, body }, i): At => {
    const all = Object.entries({ host: `127.0.0.1:${port}`, ...headers, ...lengthOf(body) })
    const given = all.flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const))
    const request = { id: i + 1, method, target: path, headers: given, ...(body !== undefined && { body }) }
    return [1000 * (i + 1), { type: 'request', request }]
  })
  const events: readonly At[] = [[0, { type: 'import' }], [10, { type: 'startup' }], ...requests]
  const { done } = await play(source, events, 1000 * (asked.length + 2), { packages, pid })
  return asked.map((_, i): Said => {
    const mine = done.filter((act) => 'id' in act && act.id === i + 1)
    const head = mine.find((act) => act.type === 'head')
    const body = mine.map((act) => (act.type === 'body' ? act.text : '')).join('')
    if (head !== undefined && !mine.some((act) => act.type === 'end')) return 'closed'
    if (head !== undefined) return { status: head.status, headers: own(head.headers), body }
    // uvicorn's own answer to an exception.
    return {
      status: 500,
      headers: [['content-type', 'text/plain; charset=utf-8']],
      body: 'Internal Server Error',
    }
  })
}

function lengthOf(body: string | undefined): Readonly<Record<string, string>> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

/** The application's own headers. */
function own(headers: HeaderList): HeaderList {
  return headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !SERVERS_OWN.includes(name))
}

function pairs(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : []))
}
