import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { GuestSpec } from '../../simulator/host/virtual/guest.ts'
import type { PlainInput, PlainTurn } from './pages/machine.ts'
import { test as base } from './room.ts'

const EPOCH = Date.UTC(2024, 4, 1, 12, 0, 0)
/** Application code is slow on a busy machine, but it rests: nothing here spins unless it is meant to. */
const PATIENCE = 20_000

/** A process in the page. */
class Process {
  readonly #page: Page
  readonly #id: number

  constructor(page: Page, id: number) {
    this.#page = page
    this.#id = id
  }

  turn(input: PlainInput): Promise<PlainTurn> {
    return this.#page.evaluate(([id, input]) => lab.turn(id, input), [this.#id, input] as const)
  }

  get(
    target = '/',
    more: { now?: number; id?: number; headers?: Record<string, string> } = {},
  ): Promise<PlainTurn> {
    const { now = 0, id = 1, headers = {} } = more
    return this.turn({ type: 'request', now, request: { id, method: 'GET', target, headers } })
  }

  end(): Promise<void> {
    return this.#page.evaluate((id) => lab.end(id), this.#id)
  }

  rest(): Promise<PlainTurn | undefined> {
    return this.#page.evaluate((id) => lab.rest(id), this.#id)
  }
}

/** Each has a sandbox of its own. */
const test = base.extend<{ patience: number }>({
  patience: [PATIENCE, { option: true }],
  page: async ({ page, patience }, use) => {
    await page.evaluate((patience) => lab.open(patience), patience)
    await use(page)
    await page.evaluate(() => lab.close())
  },
})

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

/** Makes a process; its application is not imported yet. */
async function spawn(page: Page, source: string, spec: Partial<GuestSpec> = {}): Promise<Process> {
  const id = await page.evaluate(([source, spec]) => lab.guest(source, spec), [source, spec] as const)
  return new Process(page, id)
}

/** A process whose application was imported. */
async function imported(page: Page, source: string, spec: Partial<GuestSpec> = {}): Promise<Process> {
  const process = await spawn(page, source, spec)
  const turn = await process.turn({ type: 'import' })
  expect(turn.acts.at(-1)).toMatchObject({ type: 'imported' })
  return process
}

/** What an application that answers each request with JSON of `expression` says. */
async function evaluate(page: Page, expression: string, spec: Partial<GuestSpec> = {}): Promise<unknown> {
  const process = await imported(
    page,
    `export const app = async (request) => Response.json(${expression})`,
    spec,
  )
  return JSON.parse(bodyOf(await process.get()))
}

function bodyOf(turn: PlainTurn): string {
  return turn.acts.map((act) => (act.type === 'body' ? act.text : '')).join('')
}

function printed(turn: PlainTurn): string[] {
  return turn.acts.flatMap((act) => (act.type === 'print' ? [`${act.stream}: ${act.text}`] : []))
}

const workersAlive = (page: Page) => page.evaluate(() => lab.alive())

test.describe('an application', () => {
  test('is imported, started, asked and stopped', async ({ page }) => {
    const process = await spawn(
      page,
      `let up = false
      export const app = {
        startup() { up = true },
        fetch(request) { return new Response(request.method + ' ' + request.url + ' ' + up, { status: 201, headers: { 'x-a': 'b' } }) },
        async shutdown() { await null; console.log('bye') },
      }`,
    )
    expect((await process.turn({ type: 'import' })).acts).toEqual([{ type: 'imported', after: 0 }])
    expect((await process.turn({ type: 'startup' })).acts).toEqual([
      { type: 'started', supported: true, after: 0 },
    ])
    expect((await process.get('/a?b=c', { headers: { Host: 'example.com:8080' } })).acts).toEqual([
      {
        type: 'head',
        id: 1,
        status: 201,
        after: 0,
        headers: { 'content-length': '38', 'x-a': 'b', 'content-type': 'text/plain;charset=UTF-8' },
      },
      { type: 'body', id: 1, text: 'GET http://example.com:8080/a?b=c true', after: 0 },
      { type: 'end', id: 1, after: 0 },
    ])
    expect((await process.turn({ type: 'shutdown' })).acts).toEqual([
      { type: 'print', stream: 'stdout', text: 'bye\n', after: 0 },
      { type: 'stopped', after: 0 },
    ])
  })

  for (const [what, source, attribute] of [
    ['a plain function', 'export const app = (request) => new Response("yes")', 'app'],
    ['a method of the default export', 'export default { app: { fetch: () => new Response("yes") } }', 'app'],
    ['behind dots', 'export const site = { api: () => new Response("yes") }', 'site.api'],
    ['made asynchronously', 'export const app = Promise.resolve(() => new Response("yes"))', 'app'],
    ['the default export', 'export default { fetch: () => new Response("yes") }', 'default'],
    ['with this', 'export const app = { word: "yes", fetch() { return new Response(this.word) } }', 'app'],
    ['after a hashbang', '#!/usr/bin/env node\nexport const app = () => new Response("yes")', 'app'],
  ] as const) {
    test(`may be ${what}`, async ({ page }) => {
      const target = { typed: `main:${attribute}`, module: 'main', attribute }
      const process = await imported(page, source, { target })
      expect(bodyOf(await process.get())).toBe('yes')
    })
  }

  for (const [what, source, message] of [
    ['a number', 'export const app = 7', /^main:app is 7, which cannot answer requests/],
    ['a class', 'export class app {}', /^main:app is a class/],
    [
      'a (req, res) listener',
      'export const app = (req, res) => res.end()',
      /^main:app takes 2 parameters.*npx server-workers/,
    ],
  ] as const) {
    test(`cannot be ${what}`, async ({ page }) => {
      const process = await spawn(page, source)
      const { acts } = await process.turn({ type: 'import' })
      expect(acts).toMatchObject([
        {
          type: 'import-failed',
          error: { kind: 'raised', raised: { name: 'TypeError', message: expect.stringMatching(message) } },
        },
      ])
    })
  }

  test('that is not there is named', async ({ page }) => {
    const process = await spawn(page, 'export const other = 1')
    expect((await process.turn({ type: 'import' })).acts).toEqual([
      { type: 'import-failed', after: 0, error: { kind: 'no-attribute', module: 'main', attribute: 'app' } },
    ])
  })

  test('the demo of the command runs here as it is', async ({ page }) => {
    const source = readFileSync(join(import.meta.dirname, '../../simulator/host/node/demo/main.js'), 'utf8')
    const process = await imported(page, source)
    expect(bodyOf(await process.get('/'))).toBe('hello from 4711\n')
    expect(await process.get('/compute?ms=1500')).toMatchObject({ cpu: 1500 })
    expect(await process.get('/allocate?mb=50')).toMatchObject({ memory: 1000 + 50 * 2 ** 20 })
    expect((await process.get('/raise')).acts).toMatchObject([
      { type: 'request-raised', raised: { name: 'Error', message: 'this request went wrong' } },
    ])
    expect((await process.get('/crash')).acts).toEqual([{ type: 'exit', code: 1, after: 0 }])
  })
})

test.describe('time', () => {
  test('stands still but for a read, which costs 0.05 ms', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = () => Response.json([Date.now(), performance.now(), new Date().getTime(), +new Date(), Date.now() - performance.now()])`,
    )
    const turn = await process.get('/', { now: 5000 })
    expect(turn.cpu).toBe(0.3)
    expect(JSON.parse(bodyOf(turn))).toEqual([
      EPOCH + 5000,
      5000.1,
      EPOCH + 5000,
      EPOCH + 5000,
      EPOCH + 5000 - 5000.3,
    ])
  })

  test('is the same by every clock', async ({ page }) => {
    const seen = await evaluate(
      page,
      `[
        Date().includes('May 01 2024'),
        new (class extends Date {})().getFullYear(),
        new (new Date(0).constructor)().getFullYear(),
        new Date() instanceof Date,
        new Intl.DateTimeFormat('en', { year: 'numeric' }).format(),
        new Intl.DateTimeFormat('en', { year: 'numeric' }).formatToParts()[0].value,
        typeof Temporal === 'undefined' ? 2024 : Temporal.Now.plainDateISO().year,
        new Event('x').timeStamp < 1000,
        process.uptime() < 1,
        Date.UTC(2020, 0), new Date(2020, 0, 5).getDate(), new Date('2020-01-01T00:00:00Z').getTime(), Date.parse('2020-01-01T00:00:00Z'),
      ]`,
    )
    const y2020 = Date.UTC(2020, 0)
    expect(seen).toEqual([true, 2024, 2024, true, '2024', '2024', 2024, true, true, y2020, 5, y2020, y2020])
  })

  for (const clock of [
    'Date.now()',
    'performance.now()',
    'new Date().getTime()',
    'process.uptime() * 1000',
  ]) {
    test(`a loop until ${clock} says so ends, and costs what it says`, async ({ page }) => {
      const process = await imported(
        page,
        `export const app = () => { const end = ${clock} + 5000; while (${clock} < end); return new Response('done') }`,
      )
      const { cpu, acts } = await process.get()
      expect(cpu).toBeGreaterThanOrEqual(5000)
      expect(cpu).toBeLessThan(5001.1)
      expect(acts[0]).toMatchObject({ type: 'head', after: cpu })
    })
  }

  test('compute uses it', async ({ page }) => {
    const process = await imported(
      page,
      `import { compute } from 'server-workers/lab'
      export const app = () => { console.log('a'); compute(250); console.log('b'); compute(0.5); return new Response() }`,
    )
    expect(await process.get()).toMatchObject({
      cpu: 250.5,
      acts: [
        { type: 'print', after: 0 },
        { type: 'print', after: 250 },
        { type: 'head', after: 250.5 },
        { type: 'end', after: 250.5 },
      ],
    })
  })

  test('timers fire by their time, those of one time in the order in which they were set, each with its microtasks', async ({
    page,
  }) => {
    const process = await imported(
      page,
      `const say = (what) => { console.log(what, performance.now() | 0) }
      setTimeout(say, 30, 'c')
      setTimeout(() => { say('a'); queueMicrotask(() => say('a, then')) }, 10)
      setTimeout(async () => { say('b'); await new Response('x').text(); say('b, then') }, 10)
      setTimeout(say, 10, 'd')
      clearTimeout(setTimeout(say, 5, 'never'))
      const every = setInterval(() => { say('every'); if (performance.now() > 100) clearInterval(every) }, 50)
      setTimeout(say).unref()
      export const app = () => new Response()`,
    )
    const fired: string[] = []
    let turn = await process.turn({ type: 'wake', now: 1 })
    for (;;) {
      fired.push(...printed(turn).map((line) => line.replace('stdout: ', '').trim()))
      if (turn.wakeAt === undefined) break
      turn = await process.turn({ type: 'wake', now: turn.wakeAt })
    }
    expect(fired).toEqual([
      'undefined 1',
      'a 10',
      'a, then 10',
      'b 10',
      'b, then 10',
      'd 10',
      'c 30',
      'every 50',
      'every 100',
    ])
  })

  test('a timer that is due while the process computes waits until it is woken', async ({ page }) => {
    const process = await imported(
      page,
      `import { compute } from 'server-workers/lab'
      export const app = () => { setTimeout(() => console.log('late'), 10); compute(100); return new Response() }`,
    )
    const turn = await process.get()
    expect(printed(turn)).toEqual([])
    expect(turn).toMatchObject({ cpu: 100, wakeAt: 10 })
    const woken = await process.turn({ type: 'wake', now: 100 })
    expect(printed(woken)).toEqual(['stdout: late\n'])
    expect(woken.wakeAt).toBeUndefined()
  })

  test('a slow startup, and a top-level await, take virtual time only', async ({ page }) => {
    const process = await spawn(
      page,
      `await new Promise((resolve) => setTimeout(resolve, 60_000))
      export const app = { startup: () => new Promise((resolve) => setTimeout(resolve, 2000)), fetch: () => new Response() }`,
    )
    expect(await process.turn({ type: 'import' })).toEqual({ acts: [], cpu: 0, wakeAt: 60_000, spins: false })
    expect((await process.turn({ type: 'wake', now: 60_000 })).acts).toMatchObject([{ type: 'imported' }])
    expect(await process.turn({ type: 'startup', now: 60_000 })).toMatchObject({ acts: [], wakeAt: 62_000 })
    expect((await process.turn({ type: 'wake', now: 62_000 })).acts).toMatchObject([{ type: 'started' }])
  })

  test('AbortSignal.timeout is on it', async ({ page }) => {
    const process = await imported(
      page,
      `AbortSignal.timeout(500).addEventListener('abort', (event) => console.log(event.target.reason.name))
      export const app = () => new Response()`,
    )
    expect(printed(await process.turn({ type: 'wake', now: 500 }))).toEqual(['stdout: TimeoutError\n'])
  })
})

test.describe('an answer', () => {
  test('comes in parts, as the application gives it', async ({ page }) => {
    const source = readFileSync(join(import.meta.dirname, 'fixture/main.js'), 'utf8')
    const process = await imported(page, source)
    const first = await process.get('/slow/4')
    expect(first).toMatchObject({
      acts: [
        { type: 'head', status: 200 },
        { type: 'body', text: 'wait\n' },
      ],
      wakeAt: 4000,
    })
    expect((await process.turn({ type: 'wake', now: 4000 })).acts).toMatchObject([
      { type: 'body', text: 'done\n' },
      { type: 'end' },
    ])
  })

  test('may be read from another, whose stream a timer fills', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = async () => {
        const body = new ReadableStream({
          start(controller) { setTimeout(() => { controller.enqueue(new TextEncoder().encode('slow')); controller.close() }, 1000) },
        })
        return new Response((await new Response(body).text()).toUpperCase())
      }`,
    )
    expect(await process.get()).toMatchObject({ acts: [], wakeAt: 1000, spins: false })
    expect(bodyOf(await process.turn({ type: 'wake', now: 1000 }))).toBe('SLOW')
  })

  test('with a large body, a blob, a form and compressed data is whole in one turn', async ({ page }) => {
    const seen = await evaluate(
      page,
      `await (async () => {
        const gzip = (stream) => new Response(stream.pipeThrough(new CompressionStream('gzip')))
        const gunzip = (stream) => new Response(stream.pipeThrough(new DecompressionStream('gzip')))
        const form = new FormData()
        form.append('a', 'b')
        return [
          (await new Response('x'.repeat(3_000_000)).text()).length,
          await new Blob(['b', 'lob']).text(),
          await new Response(new Blob(['b', 'lob']).stream()).text(),
          (await new Response(form).formData()).get('a'),
          await gunzip((await gzip(new Response('gzip').body)).body).text(),
          (await Response.json({ a: 1 }).clone().json()).a,
        ]
      })()`,
    )
    expect(seen).toEqual([3_000_000, 'blob', 'blob', 'b', 'gzip', 1])
  })

  test('and its request hide no header of a server', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = (request) => new Response(
        request.headers.get('cookie') + ' ' + request.clone().headers.get('host'),
        { headers: { 'Set-Cookie': 'a=b' } },
      )`,
    )
    const turn = await process.get('/', { headers: { cookie: 'c=d', host: 'here' } })
    expect(bodyOf(turn)).toBe('c=d here')
    expect(turn.acts[0]).toMatchObject({ headers: { 'set-cookie': 'a=b' } })
  })

  test('to a request with a body', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = async (request) => Response.json((await request.json()).n + 1)`,
    )
    const turn = await process.turn({
      type: 'request',
      request: {
        id: 9,
        method: 'POST',
        target: '/',
        headers: { 'content-type': 'application/json' },
        body: '{"n":41}',
      },
    })
    expect(bodyOf(turn)).toBe('42')
  })

  test('several are on their way at once', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = async (request) => {
        await new Promise((resolve) => setTimeout(resolve, Number(new URL(request.url).pathname.slice(1))))
        return new Response(request.url)
      }`,
    )
    await process.get('/20', { id: 1 })
    await process.get('/10', { id: 2 })
    const first = await process.turn({ type: 'wake', now: 10 })
    expect(first.acts.map((act) => 'id' in act && act.id)).toEqual([2, 2, 2])
    expect(first.wakeAt).toBe(20)
    const second = await process.turn({ type: 'wake', now: 20 })
    expect(second.acts.map((act) => 'id' in act && act.id)).toEqual([1, 1, 1])
  })

  test('whose client hung up is given up', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = (request) => {
        request.signal.addEventListener('abort', () => console.log('gone'))
        const body = new ReadableStream({
          start(controller) { setTimeout(() => controller.close(), 1000) },
          cancel() { console.log('cancelled') },
        })
        return new Response(body)
      }`,
    )
    expect((await process.get()).acts).toMatchObject([
      { type: 'head', headers: { 'transfer-encoding': 'chunked' } },
    ])
    const turn = await process.turn({ type: 'client-gone', id: 1, now: 10 })
    expect(printed(turn).toSorted()).toEqual(['stdout: cancelled\n', 'stdout: gone\n'])
  })

  for (const [what, answer, message] of [
    ['nothing', 'undefined', 'The handler returned undefined instead of a Response.'],
    ['an object', '({ a: 1 })', 'The handler returned [object Object] instead of a Response.'],
    [
      'text in a stream',
      `new Response(new ReadableStream({ start(c) { c.enqueue('text') } }))`,
      "The stream of a Response gave 'text' instead of a Uint8Array.",
    ],
  ] as const) {
    test(`cannot be ${what}`, async ({ page }) => {
      const process = await imported(page, `export const app = () => ${answer}`)
      expect((await process.get()).acts.at(-1)).toMatchObject({
        type: 'request-raised',
        raised: { name: 'TypeError', message },
      })
    })
  }
})

test.describe('what goes wrong', () => {
  const path = '/home/user/code/awesomeapp/main.js'

  test('in a handler is one failed request, with its place in the file', async ({ page }) => {
    const process = await imported(
      page,
      `import { compute } from 'server-workers/lab'
class ValueError extends Error { name = 'ValueError' }

function query() {
  throw new ValueError('no such row')
}
export const app = {
  async fetch() {
    await null
    return query()
  },
}`,
    )
    expect((await process.get()).acts).toEqual([
      {
        type: 'request-raised',
        id: 1,
        after: 0,
        raised: {
          name: 'ValueError',
          message: 'no such row',
          frames: [
            `File "${path}", line 10, in fetch\n  return query()`,
            `File "${path}", line 5, in query\n  throw new ValueError('no such row')`,
          ],
        },
      },
    ])
    expect((await process.get('/', { id: 2 })).acts).toMatchObject([{ type: 'request-raised', id: 2 }])
  })

  test('while it is imported is told with its line', async ({ page }) => {
    const process = await spawn(page, `const a = 1\nnull.b\nexport const app = () => a`)
    expect((await process.turn({ type: 'import' })).acts).toEqual([
      {
        type: 'import-failed',
        after: 0,
        error: {
          kind: 'raised',
          raised: {
            name: 'TypeError',
            message: "Cannot read properties of null (reading 'b')",
            frames: [`File "${path}", line 2, in <module>\n  null.b`],
          },
        },
      },
    ])
  })

  test('text that is no JavaScript is told with its line', async ({ page }) => {
    const process = await spawn(page, `const a = 1\n\nexport const app = () => {{ a\n`)
    const { acts } = await process.turn({ type: 'import' })
    expect(acts).toEqual([
      {
        type: 'import-failed',
        after: 0,
        error: {
          kind: 'raised',
          raised: {
            name: 'SyntaxError',
            message: 'Unexpected end of input',
            frames: [expect.stringMatching(new RegExp(`^File "${path}", line [34]`))],
          },
        },
      },
    ])
  })

  test('in startup and shutdown is told as such', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = {
        async startup() { await null; throw new Error('cannot reach database') },
        shutdown() { throw 'a text' },
        fetch: () => new Response(),
      }`,
    )
    expect((await process.turn({ type: 'startup' })).acts).toMatchObject([
      { type: 'startup-failed', raised: { name: 'Error', message: 'cannot reach database' } },
    ])
    expect((await process.turn({ type: 'shutdown' })).acts).toMatchObject([
      { type: 'shutdown-failed', raised: { name: 'Error', message: "'a text'", frames: [] } },
    ])
  })

  for (const [what, code] of [
    ['an exception in a timer', 'setTimeout(() => { throw new Error("lost") }, 5)'],
    ['a rejection that nobody catches', 'setTimeout(() => void Promise.reject(new Error("lost")), 5)'],
    ['an exception in a microtask', 'setTimeout(() => queueMicrotask(() => { throw new Error("lost") }), 5)'],
    [
      'an exception in a listener',
      'setTimeout(() => { const t = new EventTarget(); t.addEventListener("x", () => { throw new Error("lost") }); t.dispatchEvent(new Event("x")) }, 5)',
    ],
    [
      'a body that is no JSON, unawaited',
      'setTimeout(() => void new Response("{").json().catch(() => { throw new Error("lost") }), 5)',
    ],
  ] as const) {
    test(`${what} ends the process`, async ({ page }) => {
      const process = await imported(page, `${code}\nexport const app = () => new Response()`)
      const { acts } = await process.turn({ type: 'wake', now: 5 })
      expect(acts).toMatchObject([{ type: 'crashed', raised: { name: 'Error', message: 'lost' } }])
      expect(await workersAlive(page)).toBe(0)
    })
  }

  test('a caught rejection ends nothing', async ({ page }) => {
    const process = await imported(
      page,
      `export const app = async () => { try { await new Response('{').json() } catch (error) { return new Response(error.name) } }`,
    )
    expect(bodyOf(await process.get())).toBe('SyntaxError')
    expect(await workersAlive(page)).toBe(1)
  })
})

test.describe('the end of a process', () => {
  for (const [what, code] of [
    ['is at once', 'process.exit(3)'],
    ['cannot be caught', 'try { process.exit(3) } catch {} console.log("no")'],
    [
      'lets nothing happen after it',
      'setTimeout(() => console.log("no")); queueMicrotask(() => console.log("no")); process.exit(3)',
    ],
    ['does not wait for a loop', 'try { process.exit(3) } catch { for (;;); }'],
    ['can be in a promise', 'Promise.resolve().then(() => process.exit(3)); await new Promise(() => {})'],
    ['takes process.exitCode', 'process.exitCode = 3; process.exit()'],
  ] as const) {
    test(`by process.exit ${what}`, async ({ page }) => {
      const process = await imported(
        page,
        `export const app = async () => { console.log('before'); ${code} }`,
      )
      expect((await process.get()).acts).toEqual([
        { type: 'print', stream: 'stdout', text: 'before\n', after: 0 },
        { type: 'exit', code: 3, after: 0 },
      ])
      expect(await workersAlive(page)).toBe(0)
      await expect.poll(() => page.workers().length).toBe(0)
    })
  }

  test('may be while it is imported', async ({ page }) => {
    const process = await spawn(page, `process.exit(1)\nexport const app = () => new Response()`)
    expect((await process.turn({ type: 'import' })).acts).toEqual([{ type: 'exit', code: 1, after: 0 }])
  })

  test('settles the turn that is awaited, also before the worker has begun', async ({ page }) => {
    const turns = await page.evaluate(async () => {
      const id = lab.guest('export const app = () => new Response()')
      const pending = lab.turn(id, { type: 'import' })
      lab.end(id)
      return [await pending, await lab.turn(id, { type: 'startup' })]
    })
    expect(turns).toEqual([
      { acts: [], cpu: 0, spins: false },
      { acts: [], cpu: 0, spins: false },
    ])
    expect(await workersAlive(page)).toBe(0)
  })
})

test.describe('a loop that never rests', () => {
  test.use({ patience: 300 })

  test('is noticed, and can be killed', async ({ page }) => {
    const process = await imported(page, `export const app = () => { for (;;); }`)
    expect(await process.get()).toEqual({ acts: [], cpu: 0, spins: true })
    expect(page.workers()).toHaveLength(1)
    await process.end()
    expect(await workersAlive(page)).toBe(0)
    await expect.poll(() => page.workers().length).toBe(0)
    // The sandbox goes on.
    const other = await imported(page, `export const app = () => new Response('still here')`)
    expect(bodyOf(await other.get())).toBe('still here')
  })

  test('of microtasks as well', async ({ page }) => {
    const process = await imported(page, `export const app = async () => { for (;;) await null }`)
    expect(await process.get()).toMatchObject({ spins: true })
    await process.end()
    await expect.poll(() => page.workers().length).toBe(0)
  })

  test('is over when it rests after all', async ({ page }) => {
    const process = await imported(
      page,
      // Forty million reads of the clock take longer than the patience, and end.
      `export const app = () => { const end = Date.now() + 2_000_000; while (Date.now() < end); return new Response('at last') }`,
    )
    expect(await process.get()).toMatchObject({ spins: true })
    const rest = await process.rest()
    expect(rest && bodyOf(rest)).toBe('at last')
    expect(rest?.cpu).toBeGreaterThanOrEqual(2_000_000)
  })
})

test.describe('the world of a process', () => {
  test('is its own', async ({ page }) => {
    const source = `globalThis.count = (globalThis.count ?? 0) + 1; export const app = () => Response.json([count, process.pid])`
    const processes = [await imported(page, source), await imported(page, source, { pid: 4712 })]
    const seen = await Promise.all(
      processes.map(async (process) => JSON.parse(bodyOf(await process.get())) as unknown),
    )
    expect(seen).toEqual([
      [1, 4711],
      [1, 4712],
    ])
  })

  test('has the process that Node has', async ({ page }) => {
    const seen = await evaluate(
      page,
      `[process.pid, process.ppid, process.env, process.argv, process.cwd(), typeof process.version, process.memoryUsage().rss]`,
      {
        env: { DATABASE: 'here' },
      },
    )
    expect(seen).toEqual([
      4711,
      4700,
      { DATABASE: 'here' },
      ['uvicorn', 'main:app'],
      '/home/user/code/awesomeapp',
      'string',
      1000,
    ])
  })

  test('is random by its seed', async ({ page }) => {
    const expression = `[Math.random(), Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))], [...crypto.getRandomValues(new Uint16Array(2))]]`
    const first = await evaluate(page, expression, { chance: 0.25 })
    expect(await evaluate(page, expression, { chance: 0.25 })).toEqual(first)
    expect(await evaluate(page, expression, { chance: 0.75 })).not.toEqual(first)
    expect((first as unknown[])[2]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('prints what is said to the console', async ({ page }) => {
    const process = await spawn(
      page,
      `console.log('a', 1, { b: [2, 'c'] }, null)
      console.error('%s is %d', 'x', 3, 'more')
      console.group('group'); console.info('in\\nit'); console.groupEnd(); console.warn(new Error('e'))
      process.stdout.write('no line'); console.log(); console.assert(1 === 2, 'no')
      export const app = () => new Response()`,
    )
    expect(printed(await process.turn({ type: 'import' }))).toEqual([
      `stdout: a 1 { b: [ 2, 'c' ] } null\n`,
      'stderr: x is 3 more\n',
      'stdout: group\n',
      'stdout:   in\n  it\n',
      'stderr: Error: e\n',
      'stdout: no line',
      'stdout: \n',
      'stderr: Assertion failed no\n',
    ])
  })

  for (const module of ['server-workers/lab', 'server-workers', './server-workers.js']) {
    test(`has the helpers as '${module}', statically and dynamically`, async ({ page }) => {
      const process = await imported(
        page,
        `import { compute } from '${module}'
        import * as all from "${module}"
        export { allocate as take } from '${module}'
        const text = \`import './not-an-import.js'\` // import './nor-this.js'
        export const app = async () => {
          const { allocate } = await import('${module}')
          allocate(500); compute(7)
          return Response.json([all.compute === compute, typeof import.meta.url])
        }`,
      )
      const turn = await process.get()
      expect(turn).toMatchObject({ cpu: 7, memory: 1500 })
      expect(JSON.parse(bodyOf(turn))).toEqual([true, 'string'])
    })
  }

  for (const [code, message] of [
    [`import './db.js'`, /^main\.js imports '\.\/db\.js', but in the page an application is one file/],
    [
      `export * from "../db.js"`,
      /^main\.js imports '\.\.\/db\.js', but in the page an application is one file/,
    ],
    [`import express from 'express'`, /^main\.js imports 'express', but in the page there are no packages/],
    [`import fs from 'node:fs'`, /^main\.js imports 'node:fs', but in the page there are no packages/],
    [`import 'https://example.com/x.js'`, /loads no code from elsewhere/],
    [`import data from './data.json' with { type: 'json' }`, /^main\.js imports '\.\/data\.json'/],
  ] as const) {
    test(`has no other module: ${code}`, async ({ page }) => {
      const process = await spawn(page, `\n${code}\nexport const app = () => new Response()`)
      expect((await process.turn({ type: 'import' })).acts).toEqual([
        {
          type: 'import-failed',
          after: 0,
          error: {
            kind: 'raised',
            raised: {
              name: 'ImportError',
              message: expect.stringMatching(message),
              frames: [`File "/home/user/code/awesomeapp/main.js", line 2, in <module>\n  ${code}`],
            },
          },
        },
      ])
      expect(await workersAlive(page)).toBe(0)
    })
  }

  test('has no other module when it is asked for later', async ({ page }) => {
    const process = await imported(page, `export const app = () => import('./' + 'db.js')`)
    expect((await process.get()).acts).toMatchObject([
      {
        type: 'request-raised',
        raised: { name: 'ImportError', message: expect.stringContaining("'./db.js'") },
      },
    ])
  })

  test('checks what the helpers are given', async ({ page }) => {
    const process = await imported(
      page,
      `import { compute } from 'server-workers/lab'; export const app = () => compute('7')`,
    )
    expect((await process.get()).acts).toMatchObject([
      { type: 'request-raised', raised: { message: 'compute() expects a number of milliseconds, got 7' } },
    ])
  })
})

test.describe('outside', () => {
  /** A server that lets everybody in: what does not reach it was refused by the sandbox. */
  let outside: Server
  let site: string
  let connections = 0

  test.beforeAll(async () => {
    outside = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
      response.end('globalThis.loaded = true')
    })
    outside.on('connection', () => connections++)
    await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening))
    site = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`
  })
  test.afterAll(async () => {
    outside.closeAllConnections()
    await new Promise((closed) => outside.close(closed))
  })

  for (const [name, code] of [
    ['fetch', 'await fetch(site)'],
    ['XMLHttpRequest', 'new XMLHttpRequest().open("GET", site)'],
    ['WebSocket', 'new WebSocket(site.replace("http", "ws"))'],
    ['EventSource', 'new EventSource(site)'],
    ['importScripts', 'importScripts(site)'],
    ['indexedDB', 'indexedDB.open("x")'],
    ['caches', 'await caches.open("x")'],
    ['localStorage', 'localStorage.getItem("x")'],
    ['Worker', 'new Worker(URL.createObjectURL(new Blob(["1"])))'],
  ] as const) {
    test(`is not reached by ${name}, and a sentence says so`, async ({ page }) => {
      connections = 0
      const process = await imported(
        page,
        `const site = '${site}'; export const app = async () => { ${code} }`,
      )
      expect((await process.get()).acts).toMatchObject([
        {
          type: 'request-raised',
          raised: {
            name: 'NotAvailableError',
            message: expect.stringMatching(`^${name} is not available here: in the page`),
          },
        },
      ])
      expect(connections).toBe(0)
    })
  }

  test('is not there: no name of the browser but what every run has alike', async ({ page }) => {
    const names = await evaluate(
      page,
      `(() => {
        const names = new Set()
        for (let scope = globalThis; scope !== Object.prototype; scope = Object.getPrototypeOf(scope)) {
          for (const name of Object.getOwnPropertyNames(scope)) names.add(name)
        }
        return [...names].filter((name) => /worker|navigator|location|storage|socket|post|port|channel|scheduler|animation|lock|^name$|close|navig|permission|gpu|usb|hid|serial|cookie|file|font|trusted/i.test(name)).sort()
      })()`,
    )
    expect(names).toEqual([
      'BroadcastChannel',
      'File',
      'SharedWorker',
      'WebSocket',
      'WebSocketStream',
      'WebTransport',
      'Worker',
      '__serverWorkers',
      'cookieStore',
      'importScripts',
      'localStorage',
      'reportError',
      'sessionStorage',
    ])
  })

  test('hears nothing of the application: the page says nothing, no error is left', async ({ page }) => {
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    const process = await imported(
      page,
      `console.log('inside'); void Promise.reject(1); export const app = () => new Response()`,
    ).catch(() => undefined)
    expect(process).toBeUndefined()
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))
    expect(said).toEqual([])
  })
})
