import { expect } from '@playwright/test'
import { bodyOf, evaluate, imported, printed, spawn, test, workersAlive } from './guest-page.ts'
import { openOutside, type Outside } from './outside.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

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
  let outside: Outside
  test.beforeAll(async () => {
    outside = await openOutside()
  })
  test.afterAll(() => outside.close())

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
      outside.connections = 0
      const process = await imported(
        page,
        `const site = '${outside.site}'; export const app = async () => { ${code} }`,
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
      expect(outside.connections).toBe(0)
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
