import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { expect, test as every, type Page } from '@playwright/test'
import fc from 'fast-check'
import type { GuestTurn } from '../../simulator/host/virtual/guest.ts'
import type { Attacks } from './pages/attacks.ts'
import { shareOf } from './share.ts'

const test = shareOf('attacks', 1 / 3)

/** What test/browser/pages/attacks.ts gives to this spec. */
declare global {
  const attacks: Attacks
}

/** The longest that the page may draw nothing, in ms. */
const LONGEST_FRAME = 200
/** How often it is measured: other work of the machine only makes a frame longer, so the shortest one is the page's own. */
const MEASURES = 5
const CASES = Number(process.env['CASES'] ?? 1000)
const SEED = process.env['SEED'] === undefined ? Date.now() % 2 ** 31 : Number(process.env['SEED'])

test.use({ trace: 'off' })

/** This many cases, which the seed alone decides. The seed is printed. */
function cases<Case>(of: fc.Arbitrary<Case>): Case[] {
  console.log(`SEED=${SEED}`)
  return fc.sample(of, { numRuns: CASES, seed: SEED })
}

/** Repeats something until its longest frame is short enough, or `MEASURES` times. */
async function quickest<Done extends { readonly frame: number }>(work: () => Promise<Done>): Promise<Done> {
  let best = await work()
  for (let measured = 1; measured < MEASURES && best.frame >= LONGEST_FRAME; measured++) {
    const next = await work()
    if (next.frame < best.frame) best = next
  }
  return best
}

async function open(page: Page): Promise<void> {
  await page.goto('test/attacks/')
  await page.waitForFunction(() => 'attacks' in globalThis)
}

test.describe('the sandbox, from another origin', () => {
  let evil: Server
  let address = ''

  test.beforeAll(async () => {
    evil = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>')
    })
    await new Promise<void>((listening) => evil.listen(0, '127.0.0.1', listening))
    address = `http://localhost:${(evil.address() as AddressInfo).port}/`
  })
  test.afterAll(() => evil.close())

  const script = 'postMessage([typeof caches, self.origin])'

  test('opened as a popup, it hears nobody', async ({ page, baseURL }) => {
    await page.goto(address)
    const opens = page.waitForEvent('popup')
    await page.evaluate((url) => {
      Object.assign(globalThis, { popup: window.open(url), answers: [] as unknown[] })
    }, `${baseURL}sandbox.html`)
    const popup = await opens
    await popup.waitForLoadState()
    // Received after the sandbox could have received it.
    await popup.evaluate(() => {
      addEventListener('message', () => Object.assign(globalThis, { heard: true }))
    })
    await page.evaluate((script) => {
      const { popup, answers } = globalThis as unknown as { popup: Window; answers: unknown[] }
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => answers.push(data)
      popup.postMessage(null, '*', [port2])
      port1.postMessage({ do: 'spawn', id: 1, name: 'evil', script })
    }, script)
    await popup.waitForFunction(() => 'heard' in globalThis)
    expect(popup.workers()).toEqual([])
    expect(await page.evaluate(() => (globalThis as unknown as { answers: unknown[] }).answers)).toEqual([])
    await popup.close()
  })

  for (const [how, sandbox, answers] of [
    ['framed as the guide frames it, it has no origin, and serves', 'allow-scripts', true],
    ['framed with its origin, it hears nobody', 'allow-scripts allow-same-origin', false],
    ['framed without a sandbox, it hears nobody', undefined, false],
  ] as const) {
    test(how, async ({ page, baseURL }) => {
      await page.goto(address)
      await page.evaluate(
        async ([url, sandbox]) => {
          const frame = document.createElement('iframe')
          if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox)
          frame.src = url
          document.body.append(frame)
          await new Promise((loaded) => (frame.onload = loaded))
        },
        [`${baseURL}sandbox.html`, sandbox] as const,
      )
      // A message that the frame ignores would have been handled by now: it has had this one and the next.
      const frame = page.frames().find((each) => each.url() === `${baseURL}sandbox.html`)
      await frame?.evaluate(() => {
        addEventListener('message', ({ data }) => {
          if (data === 'last') Object.assign(globalThis, { heard: true })
        })
      })
      await page.evaluate(() => {
        const { port1, port2 } = new MessageChannel()
        const answers: unknown[] = []
        Object.assign(globalThis, { answers })
        port1.onmessage = ({ data }) => answers.push(data)
        frames[0]?.postMessage(null, '*', [port2])
        frames[0]?.postMessage('last', '*')
      })
      await frame?.waitForFunction(() => 'heard' in globalThis)
      const heard = () => page.evaluate(() => (globalThis as unknown as { answers: unknown[] }).answers)
      // A response that was sent arrives; if none was sent, the frame has nothing more to handle.
      if (answers) await expect.poll(heard).toEqual([{ ready: true }])
      else expect(await heard()).toEqual([])
    })
  }
})

/** An application that changes its worker's message with the answer to its first request. `message` is the one that would be sent. */
const patched = (change: string) => `
const assign = Object.assign
let armed = false
Object.assign = (target, ...more) => {
  const message = assign(target, ...more)
  if (!armed || !('id' in message)) return message
  armed = false
  return (${change})(message)
}
export const app = () => {
  armed = true
  return new Response('hello')
}`

const CRASH = { type: 'crashed', raised: { name: 'WorkerError' } }

test.describe('a worker whose built-ins were patched', () => {
  for (const [name, change] of [
    [
      'sets a prototype of the page',
      `({ id }) => ({ id: 'x', type: 'SET', path: ['__proto__', 'polluted'], value: { type: 'RAW', value: 1 } })`,
    ],
    ['asks for a port', `() => ({ id: 'x', type: 'ENDPOINT' })`],
    ['asks to be called', `({ id }) => ({ id, type: 'HANDLER', name: 'proxy', value: {} })`],
    [
      'names a handler that there is not',
      `({ id }) => ({ id, type: 'HANDLER', name: 'constructor', value: {} })`,
    ],
    [
      'throws what is no error',
      `({ id }) => ({ id, type: 'HANDLER', name: 'throw', value: { isError: false, value: { toString: 1, valueOf: 1 } } })`,
    ],
    ['sends no turn', `({ id }) => ({ id, type: 'RAW', value: 'hello' })`],
    [
      'sends a turn with a prototype of its own',
      `({ id }) => ({ id, type: 'RAW', value: JSON.parse('{"__proto__":{"acts":[],"cpu":0}}') })`,
    ],
    ['takes no time at all', `({ id }) => ({ id, type: 'RAW', value: { acts: [], cpu: NaN } })`],
    [
      'goes back in time',
      `({ id }) => ({ id, type: 'RAW', value: { acts: [{ type: 'exit', code: 0, after: -1 }], cpu: 1 } })`,
    ],
    ['wakes at no time', `({ id }) => ({ id, type: 'RAW', value: { acts: [], cpu: 0, wakeAt: NaN } })`],
    [
      'sends markup in the place of a number',
      `({ id }) => ({ id, type: 'RAW', value: { acts: [{ type: 'head', after: 0, id: 1, status: { strings: ['<b>'], _$litType$: 1 }, headers: {} }], cpu: 0 } })`,
    ],
    ['says farewell in a form of its own', `({ id }) => ({ id, last: { acts: null } })`],
    [
      'sends a text of 40 million characters',
      `({ id }) => ({ id, type: 'RAW', value: { acts: [{ type: 'print', after: 0, stream: 'stdout', text: 'x'.repeat(40_000_000) }], cpu: 0 } })`,
    ],
  ] as const) {
    test(`${name}: it is ended, and says so`, async ({ page }) => {
      const errors: unknown[] = []
      page.on('pageerror', (error) => errors.push(error))
      await open(page)
      const [turn] = await page.evaluate((source) => attacks.workers([source]), patched(change))
      expect(turn?.acts).toMatchObject([CRASH])
      expect(await page.evaluate(() => 'polluted' in {})).toBe(false)
      expect(errors).toEqual([])
    })
  }

  every('whatever turn it sends, the page gets one that is in order, or a crash', async ({ page }) => {
    test.setTimeout(300_000)
    await open(page)
    const value = fc.oneof(
      fc.jsonValue(),
      fc
        .constantFrom('NaN', '-1', 'Infinity', 'new Map()', '1n', '[[]]', 'new Date(0)', '{}')
        .map((raw) => ({ raw })),
    )
    const act = fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('print', 'head', 'body', 'end', 'exit', 'call', 'crashed', 'imported'),
          value,
        ),
        after: fc.oneof(fc.constant(0), value),
        id: fc.oneof(fc.constant(1), value),
        status: value,
        headers: value,
        text: fc.oneof(fc.string(), value),
        stream: fc.oneof(fc.constant('stdout'), value),
        code: value,
        args: value,
        method: value,
        raised: value,
      },
      { requiredKeys: ['type', 'after'] },
    )
    const turn = fc.record(
      {
        acts: fc.oneof(fc.array(act, { maxLength: 3 }), value),
        cpu: fc.oneof(fc.nat(9), value),
        wakeAt: value,
        memory: value,
      },
      { requiredKeys: ['acts', 'cpu'] },
    )
    const text = (data: unknown): string => JSON.stringify(data).replaceAll(/\{"raw":"([^"]*)"\}/g, '$1')
    const sources = cases(turn).map((data) =>
      patched(`({ id }) => ({ id, type: 'RAW', value: ${text(data)} })`),
    )
    const turns: (GuestTurn | undefined)[] = []
    for (let at = 0; at < sources.length; at += 100) {
      turns.push(...(await page.evaluate((some) => attacks.workers(some), sources.slice(at, at + 100))))
    }
    expect(turns).toHaveLength(CASES)
    for (const each of turns) {
      expect(each?.acts).toBeInstanceOf(Array)
      expect(each?.cpu).toBeGreaterThanOrEqual(0)
      for (const { after } of each?.acts ?? []) expect(after).toBeGreaterThanOrEqual(0)
    }
    expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([])
  })
})

test.describe('memory outside the heap', () => {
  /** What an application reports about the bytes that it got, or the error message. */
  async function says(page: Page, body: string): Promise<string> {
    await open(page)
    const source = `export const app = () => {\n  try {\n    ${body}\n  } catch (error) {\n    return new Response(String(error))\n  }\n}`
    const [turn] = await page.evaluate((source) => attacks.workers([source]), source)
    return turn?.acts.map((act) => (act.type === 'body' ? act.text : '')).join('') ?? ''
  }
  const REFUSED = /^RangeError: Buffers, typed arrays and blobs of one worker may take 512 MB/

  for (const taken of [
    'new ArrayBuffer(600e6)',
    'new Uint8Array(600e6)',
    'new Float64Array(75e6)',
    'new (Object.getPrototypeOf(new Uint8Array(1)).constructor)(600e6)',
    'new ArrayBuffer(1, { maxByteLength: 600e6 })',
    'new ArrayBuffer(1).transfer(600e6)',
    'Uint8Array.from({ length: 600e6 })',
    'Array.from({ length: 7 }, () => new Uint8Array(100e6))',
    'Array.from({ length: 7 }, (_, i) => (globalThis[i] = new Uint8Array(100e6)).slice())',
    'Array.from({ length: 7 }, (_, i) => (globalThis[i] = structuredClone(globalThis[0] ?? new Uint8Array(90e6))))',
    'new Blob(Array.from({ length: 600 }, () => "x".repeat(1e6)))',
  ]) {
    test(`${taken}: refused, in a sentence`, async ({ page }) => {
      expect(await says(page, `${taken}\n    return new Response('got it')`)).toMatch(REFUSED)
    })
  }

  test('what is less is given, and views take nothing', async ({ page }) => {
    const body = `const buffer = new ArrayBuffer(300e6)
    const views = Array.from({ length: 10 }, () => new Uint8Array(buffer))
    class Mine extends Uint8Array {}
    const mine = new Mine(8)
    return Response.json([views.length, mine instanceof Mine, mine instanceof Uint8Array, mine.map((x) => x + 1).constructor === Mine, new Uint8Array(2).constructor === Uint8Array])`
    expect(await says(page, body)).toBe('[10,true,true,true,true]')
  })
})

test.describe('bytes of a terminal', () => {
  for (const [name, texts] of [
    ['scrolls two thousand million lines', ['\x1b[2147483647S']],
    ['scrolls them back', ['\x1b[2147483647T']],
    ['inserts them', ['\x1b[2147483647L']],
    ['repeats a character as often', ['a\x1b[2147483647b']],
    ['puts three million marks on a letter', [`e${'\u0301'.repeat(3_000_000)}`]],
    ['scrolls a screen, ten thousand times', ['\x1b[999S'.repeat(10_000)]],
    ['fills the screen, a hundred thousand times', ['\x1b#8'.repeat(100_000)]],
    ['opens thirty thousand links', ['\x1b]8;;http://x/\x1b\\a\n'.repeat(30_000)]],
    ['prints four million characters', ['x'.repeat(4_000_000)]],
  ] as const) {
    test(`${name}: no frame takes long`, async ({ page }) => {
      await open(page)
      const { frame, text } = await quickest(() => page.evaluate((texts) => attacks.terminal(texts), texts))
      expect(text).toContain('THE END')
      expect(frame).toBeLessThan(LONGEST_FRAME)
    })
  }

  every('of any kind', async ({ page }) => {
    test.setTimeout(120_000)
    await open(page)
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b]',
        '\x1bP',
        '\x9b',
        '\x07',
        '\x1b\\',
        '\n',
        'e\u0301',
        '\u1160',
        '한',
        '👩‍💻',
      ),
      fc
        .tuple(fc.nat(), fc.constantFrom(...'@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstu'))
        .map(([n, letter]) => `\x1b[${n}${letter}`),
      fc
        .tuple(fc.constantFrom('?', '>', '='), fc.nat(), fc.constantFrom(...'hlnrcsu'))
        .map((parts) => `\x1b[${parts.join('')}`),
    )
    const texts = cases(fc.array(part, { maxLength: 100 }).map((parts) => parts.join('')))
    const { frame, text } = await quickest(() => page.evaluate((texts) => attacks.terminal(texts), texts))
    expect(text).toContain('THE END')
    expect(frame).toBeLessThan(LONGEST_FRAME)
  })
})

test.describe('links', () => {
  const pack = (text: string) => `session-1.${deflateRawSync(text).toString('base64url')}`

  test('of two million brackets take no time', async ({ page }) => {
    await open(page)
    const link = pack('['.repeat(1_000_000) + ']'.repeat(1_000_000))
    expect(link.length).toBeLessThan(6000)
    const { frame, problems } = await quickest(() => page.evaluate((links) => attacks.links(links), [link]))
    expect(problems).toEqual(['nested'])
    expect(frame).toBeLessThan(LONGEST_FRAME)
  })

  every('of any kind', async ({ page }) => {
    await open(page)
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.nat(50_000).map((depth) => '{"a":['.repeat(depth)),
      fc
        .record({
          version: fc.constant(1),
          machine: fc.jsonValue(),
          files: fc.jsonValue(),
          inputs: fc.jsonValue(),
        })
        .map((it) => JSON.stringify(it)),
    )
    const links = cases(text).map(pack)
    const { frame, problems } = await quickest(() => page.evaluate((links) => attacks.links(links), links))
    expect(problems).toHaveLength(CASES)
    expect(problems).not.toContain(undefined)
    expect(frame).toBeLessThan(LONGEST_FRAME)
  })
})
