import { expect } from '@playwright/test'
import { times } from '../setup/seed.ts'
import { test } from './room.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

/** Uses everything that could differ from run to run: random numbers, timers, the clock, bodies that the browser reads, memory. */
const source = `
import { allocate, compute } from 'server-workers/lab'

const id = crypto.randomUUID()
let served = 0
console.log('born', id, new Date().toISOString(), Math.random())
setInterval(() => console.log(id.slice(0, 4), 'alive', served, Math.random()), 400 + Math.random() * 200)

export const app = {
  async startup() {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
  },
  async fetch(request) {
    served++
    const began = performance.now()
    compute(Math.random() * 80)
    const [a, b] = await Promise.all([new Blob([id]).text(), new Response(request.url).text()])
    allocate(Math.random() * 1e6)
    const body = new ReadableStream({
      async start(controller) {
        for (let i = 0; i < 3; i++) {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
          controller.enqueue(new TextEncoder().encode(i + ' ' + (performance.now() - began)))
        }
        controller.close()
      },
    })
    console.log(a.length, b, performance.now() - began)
    return new Response(body)
  },
}
`

const runs = times('runs of the same machine', 100, 20)

test('two Web Workers give the same transcript time and again, however they are paused and resumed', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const options = {
    source,
    command: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 2',
    until: 4000,
    requests: Array.from({ length: 12 }, (_, i) => ({ at: 1500 + i * 90, target: `/${i}` })),
  }
  const texts = await page.evaluate((options) => lab.transcripts(options), {
    ...options,
    seeds: new Array<number>(runs).fill(7),
  })
  const [first = ''] = texts
  expect(texts).toHaveLength(runs)
  // The traces are not just equal but have content: both workers served, printed and computed.
  expect(first).toMatch(/Application startup complete/)
  expect(first.match(/ alive /g)?.length).toBeGreaterThan(4)
  expect(
    new Set([...first.matchAll(/"type":"accepted","request":\d+,"pid":(\d+)/g)].map(([, pid]) => pid)).size,
  ).toBe(2)
  for (const text of texts) expect(text).toBe(first)

  const [other] = await page.evaluate((options) => lab.transcripts({ ...options, seeds: [8] }), options)
  expect(other).not.toBe(first)
})
