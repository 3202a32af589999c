import { expect } from '@playwright/test'
import { openOutside, type Outside } from './outside.ts'
import { shareOf } from './share.ts'

const test = shareOf('ways out of the sandbox', 1 / 3)

/** What test/browser/pages/sandbox.ts gives to this spec. */
declare global {
  function runInSandbox(text: string): Promise<unknown>
  function surviveLoop(): Promise<unknown>
  function crash(): Promise<string>
  function missing(): Promise<string>
}

let outside: Outside

test.beforeAll(async () => {
  outside = await openOutside()
  expect(await (await fetch(outside.site)).text()).toBe('globalThis.loaded = true')
  expect(outside.connections).toBe(1)
})
test.afterAll(() => outside.close())

test.beforeEach(async ({ page }) => {
  await page.goto('test/sandbox/')
  await page.waitForFunction(() => 'runInSandbox' in globalThis)
})

test('the page has a strict policy and says nothing against it', async ({ page }) => {
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
  expect(policy).not.toMatch(/https?:/)
})

test('an application runs, with the process and the clock that were set up before its import', async ({
  page,
}) => {
  const seen = await page.evaluate(() =>
    runInSandbox(`
      const atImport = [process.pid, process.env.HOME, Date.now(), new Date().getTime()]
      export const app = async () => ({ atImport, later: [process.pid, Date.now()], name: self.name, origin: self.origin })
    `),
  )
  expect(seen).toEqual({
    atImport: [4711, '/home/reader', 42, 0],
    later: [4711, 42],
    name: 'probe',
    origin: 'null',
  })
})

test('two workers share no globals', async ({ page }) => {
  const app = 'globalThis.count = (globalThis.count ?? 0) + 1; export const app = () => count'
  const counts = await page.evaluate((app) => Promise.all([runInSandbox(app), runInSandbox(app)]), app)
  expect(counts).toEqual([1, 1])
})

/** Ways out, each an expression that throws when it is barred; `site` is an address that would let it in. */
const waysOut: Record<string, string> = {
  fetch: 'await fetch(site, { mode: "no-cors" })',
  XMLHttpRequest: `await new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('GET', site)
    request.onload = done
    request.onerror = () => failed(new Error('refused'))
    request.send()
  })`,
  'synchronous XMLHttpRequest': `(() => {
    const request = new XMLHttpRequest()
    request.open('GET', site, false)
    request.send()
  })()`,
  WebSocket: `await new Promise((done, failed) => {
    const socket = new WebSocket(site.replace('http', 'ws'))
    socket.onopen = done
    socket.onerror = () => failed(new Error('refused'))
  })`,
  EventSource: `await new Promise((done, failed) => {
    const source = new EventSource(site)
    source.onopen = done
    source.onerror = () => failed(new Error('refused'))
  })`,
  WebTransport: `await new WebTransport(site.replace('http:', 'https:')).ready`,
  'import of a URL': 'await import(site + "x.js")',
  'import of a data: URL': 'await import("data:text/javascript,export default 1")',
  importScripts: 'importScripts(site + "x.js")',
  'importScripts of the prototype': 'WorkerGlobalScope.prototype.importScripts.call(self, site + "x.js")',
  eval: '(0, eval)("1")',
  'new Function': 'new Function("return 1")()',
  IndexedDB: `await new Promise((done, failed) => {
    const request = indexedDB.open('anything')
    request.onsuccess = done
    request.onerror = () => failed(request.error)
  })`,
  caches: 'await caches.open("anything")',
  'origin private files': 'await navigator.storage.getDirectory()',
  'nested worker': 'new Worker(URL.createObjectURL(new Blob(["1"])))',
  localStorage: 'localStorage.setItem("a", "b")',
  cookies: 'await cookieStore.set("a", "b")',
}

for (const [way, expression] of Object.entries(waysOut)) {
  test(`${way}: refused`, async ({ page }) => {
    outside.connections = 0
    const outcome = await page.evaluate(
      ([expression, site]) =>
        runInSandbox(`
          const site = ${JSON.stringify(site)}
          export const app = async () => {
            try {
              ${expression}
              return 'got out'
            } catch (error) {
              return 'refused: ' + error
            }
          }
        `),
      [expression, outside.site] as const,
    )
    expect(outcome).toMatch(/^refused: /)
    expect(outside.connections).toBe(0)
  })
}

test('a static import of an address is refused', async ({ page }) => {
  outside.connections = 0
  const outcome = await page.evaluate(
    (site) => runInSandbox(`import '${site}x.js'\nexport const app = () => 1`).then(String, String),
    outside.site,
  )
  expect(outcome).toMatch(/TypeError/)
  expect(outside.connections).toBe(0)
})

test('a relative import is refused', async ({ page }) => {
  const outcome = await page.evaluate(() =>
    runInSandbox(`import './other.js'\nexport const app = () => 1`).then(String, String),
  )
  expect(outcome).toMatch(/TypeError/)
})

test('a worker in an endless loop is ended, and the sandbox goes on', async ({ page }) => {
  expect(await page.evaluate(() => surviveLoop())).toEqual({ answer: 'still here', frames: 0 })
})

test('a worker that cannot start says why', async ({ page }) => {
  expect(await page.evaluate(() => crash())).toMatch(/SyntaxError/)
})

test('a missing frame is named', async ({ page }) => {
  test.setTimeout(30_000)
  expect(await page.evaluate(() => missing())).toMatch(/did not answer.*nothing-here\.html/)
})
