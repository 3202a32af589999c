import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { bodyOf, EPOCH, evaluate, imported, printed, spawn, test } from './guest-page.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

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
    expect((await process.get('/a?b=c', { headers: [['Host', 'example.com:8080']] })).acts).toEqual([
      {
        type: 'head',
        id: 1,
        status: 201,
        after: 0,
        headers: [
          ['content-length', '38'],
          ['content-type', 'text/plain;charset=UTF-8'],
          ['x-a', 'b'],
        ],
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
    const file = join(import.meta.dirname, '../../simulator/host/node/cli/demo/main.js')
    const source = readFileSync(file, 'utf8')
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
