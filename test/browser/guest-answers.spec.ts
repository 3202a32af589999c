import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { bodyOf, evaluate, imported, printed, spawn, test, workersAlive } from './guest-page.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

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
        ['cookie', 'x-twice'].map((name) => request.headers.get(name)).join(' ') + ' ' + request.clone().headers.get('host'),
        { headers: [['Set-Cookie', 'a=b'], ['X-Between', 'yes'], ['Set-Cookie', 'c=d']] },
      )`,
    )
    const turn = await process.get('/', {
      headers: [
        ['cookie', 'c=d'],
        ['host', 'here'],
        ['X-Twice', 'a'],
        ['x-twice', 'b'],
      ],
    })
    expect(bodyOf(turn)).toBe('c=d a, b here')
    expect(turn.acts[0]).toMatchObject({
      headers: expect.arrayContaining([
        ['set-cookie', 'a=b'],
        ['set-cookie', 'c=d'],
        ['x-between', 'yes'],
      ]),
    })
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
        headers: [['content-type', 'application/json']],
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
      { type: 'head', headers: expect.arrayContaining([['transfer-encoding', 'chunked']]) as unknown },
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
