import { expect, type Page } from '@playwright/test'
import { test as base } from './room.ts'
import type { MachineOptions } from '../../simulator/host/browser/index.ts'

const COMMAND = 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 2'
const APP = `export const app = (request) => {
  if (new URL(request.url).pathname === '/loop') for (;;);
  return new Response(String(process.pid))
}`

const test = base.extend<object>({
  page: async ({ page }, use) => {
    await use(page)
    await page.evaluate(() => machine.dispose())
  },
})

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

async function make(page: Page, source = APP, options: Partial<MachineOptions> = {}): Promise<void> {
  await page.evaluate(([source, options]) => machine.make(source, options), [source, options] as const)
}

/** A server with two workers that serve. */
async function serve(page: Page, options: Partial<MachineOptions> = {}): Promise<void> {
  await make(page, APP, options)
  await page.evaluate(async (command) => {
    machine.launch(command)
    await machine.skip(3000)
  }, COMMAND)
  expect((await look(page)).workers).toBe(2)
}

const look = (page: Page) => page.evaluate(() => machine.look())
const trace = (page: Page) => page.evaluate(() => machine.trace())

/** Counts requests for later callbacks while `during` runs. */
async function callbacks(page: Page, ms: number): Promise<number> {
  return page.evaluate(async (ms) => {
    let count = 0
    const names = [
      'requestAnimationFrame',
      'setTimeout',
      'setInterval',
      'requestIdleCallback',
      'queueMicrotask',
    ] as const
    const own = names.map((name) => globalThis[name])
    const wait = new Promise((resolve) => setTimeout(resolve, ms))
    for (const name of names) {
      const real = globalThis[name] as (...parameters: unknown[]) => unknown
      Object.assign(globalThis, {
        [name]: (...parameters: unknown[]) => {
          count += 1
          return real.apply(globalThis, parameters)
        },
      })
    }
    await wait
    for (const [i, name] of names.entries()) Object.assign(globalThis, { [name]: own[i] })
    return count
  }, ms)
}

test('an application that never rests is shown spinning, killed, and replaced; the rest of the machine goes on', async ({
  page,
}) => {
  await serve(page, { patience: 300 })
  const loop = await page.evaluate(async () => {
    const request = machine.request('/loop')
    await machine.skip(500)
    return request
  })
  const spinning = (await trace(page)).find((event) => event.type === 'busy' && event.spinning)
  const pid = spinning?.type === 'busy' ? spinning.pid : 0
  expect(spinning).toMatchObject({ type: 'busy', until: Infinity })

  await page.evaluate(async () => {
    machine.request('/')
    await machine.skip(500)
  })
  const answered = (await trace(page)).findLast((event) => event.type === 'request-ended')
  expect(answered).toMatchObject({ end: 'answered' })
  expect(answered).not.toMatchObject({ pid })

  await page.evaluate(async (pid) => {
    machine.signal(pid, 'KILL')
    await machine.skip(3000)
  }, pid)
  const after = await trace(page)
  expect(after).toContainEqual(
    expect.objectContaining({ type: 'request-ended', request: loop, pid, end: 'closed' }),
  )
  expect(await page.evaluate(() => machine.text())).toContain(`Child process [${pid}] died`)
  expect((await look(page)).workers).toBe(2)
  await expect.poll(() => page.workers().length).toBe(2)
})

test('a kill is heard while the page still waits for the turn that never ends', async ({ page }) => {
  await serve(page, { patience: 20_000 })
  const pid = await page.evaluate(async () => {
    machine.request('/loop')
    const skipped = machine.skip(500)
    const accepted = () => machine.trace().find((event) => event.type === 'accepted')
    while (accepted() === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    const event = accepted()
    const pid = event?.type === 'accepted' ? event.pid : 0
    machine.signal(pid, 'KILL')
    await skipped
    return pid
  })
  expect(await trace(page)).toContainEqual(
    expect.objectContaining({ type: 'ended', pid, status: { signal: 'KILL' } }),
  )
})

test('a machine that is thrown away in the middle of its work leaves nothing: no Web Worker, no frame, no callback', async ({
  page,
}) => {
  await serve(page, { patience: 20_000 })
  await page.evaluate(async () => {
    machine.run()
    machine.request('/loop')
    machine.request('/')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await machine.dispose()
  })
  await expect.poll(() => page.workers().length).toBe(0)
  expect(await page.locator('iframe').count()).toBe(0)
  expect(await callbacks(page, 300)).toBe(0)
})

test('a paused machine costs nothing and stands still', async ({ page }) => {
  await serve(page)
  await page.evaluate(async () => {
    machine.run()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await machine.pause()
  })
  const before = await look(page)
  expect(before.running).toBe(false)
  expect(await callbacks(page, 300)).toBe(0)
  expect(await look(page)).toEqual(before)
})

test('it goes as fast as it is told to', async ({ page }) => {
  await serve(page)
  for (const speed of [0.1, 1, 20]) {
    const measure = () =>
      page.evaluate(async (speed) => {
        machine.setSpeed(speed)
        const from = machine.look().now
        machine.run()
        const frame = () => new Promise(requestAnimationFrame)
        // The first frame tells the wall-clock time.
        await frame()
        const began = performance.now()
        while (performance.now() - began < 600) await frame()
        const wall = performance.now() - began
        await machine.pause()
        return { virtual: machine.look().now - from, wall }
      }, speed)
    // A computer that is busy with something else for longer than the quarter of a second that is made up disturbs one measure, not all.
    await expect(async () => {
      const { virtual, wall } = await measure()
      // A frame or two at each end.
      expect(virtual / speed).toBeGreaterThan(wall * 0.6)
      expect(virtual / speed).toBeLessThan(wall + 60)
    }).toPass({ timeout: 30_000 })
  }
  await expect(page.evaluate(() => machine.setSpeed(21))).rejects.toThrow(
    /a speed from 0\.1 to 20 was expected, but it was 21/,
  )
  await expect(page.evaluate(() => machine.setSpeed(NaN))).rejects.toThrow(/RangeError/)
})

test('what was missed while the page was away is not run after', async ({ page }) => {
  await serve(page)
  const passed = await page.evaluate(async () => {
    machine.run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const from = machine.look().now
    const end = performance.now() + 1500
    while (performance.now() < end);
    await new Promise(requestAnimationFrame)
    await machine.pause()
    return machine.look().now - from
  })
  // Up to a quarter of a second of each frame, of which there are two or three.
  expect(passed).toBeLessThan(1000)
})

test('a step plays one event, the next', async ({ page }) => {
  await make(page)
  await page.evaluate((command) => machine.launch(command), COMMAND)
  const times: number[] = []
  for (;;) {
    const { nextAt } = await look(page)
    if (nextAt === undefined || nextAt > 2000) break
    expect(await page.evaluate(() => machine.step())).toBe(true)
    expect((await look(page)).now).toBe(nextAt)
    times.push(nextAt)
  }
  expect(times.length).toBeGreaterThan(10)
  expect(await page.evaluate(() => machine.text())).toContain('Application startup complete')
  await page.evaluate(() => machine.run())
  await page.evaluate(() => machine.step())
  expect((await look(page)).running).toBe(false)
})

test('where nothing is to come, a step says so', async ({ page }) => {
  await make(page)
  expect(await page.evaluate(() => machine.step())).toBe(false)
})

test('30 seconds are skipped in an instant, and a pause ends the skipping', async ({ page }) => {
  await serve(page)
  const { now } = await look(page)
  const wall = await page.evaluate(async () => {
    const began = performance.now()
    await machine.skip(30_000)
    return performance.now() - began
  })
  expect((await look(page)).now).toBe(now + 30_000)
  expect(wall).toBeLessThan(15_000)
  const later = await page.evaluate(async () => {
    const skipped = machine.skip(100 * 3_600_000)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await machine.pause()
    await skipped
    return machine.look().now
  })
  expect(later).toBeLessThan(now + 100 * 3_600_000)
})

test('an exception in whoever listens to the machine stops it, and is not swallowed', async ({ page }) => {
  await make(page)
  const said = await page.evaluate(async (command) => {
    const errors: string[] = []
    const hear = (event: ErrorEvent) => {
      event.preventDefault()
      errors.push(event.message)
    }
    addEventListener('error', hear)
    machine.launch(command)
    machine.breakListener()
    machine.setSpeed(20)
    machine.run()
    while (machine.look().running) await new Promise(requestAnimationFrame)
    removeEventListener('error', hear)
    return errors
  }, COMMAND)
  expect(said).toEqual([expect.stringContaining('a listener failed')])
})

test('workers share a store, a database, channels and an outbox', async ({ page }) => {
  const source = `import { database, publish, send, store, subscribe } from 'server-workers/lab'
const heard = []
export const app = {
  async startup() {
    await database.migrate({ lock: true })
    await subscribe('news', (text) => heard.push(text))
    if (await store.acquire('leader', 60000)) await send('one report')
  },
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/publish') return new Response('receivers ' + (await publish('news', 'hello')))
    if (pathname === '/rows') return Response.json(await database.run('SELECT * FROM items'))
    if (pathname === '/bad') return new Response(await database.run('SELECT * FROM x').catch((error) => error.message))
    return new Response('count ' + (await store.incr('count')))
  },
}`
  await make(page, source)
  const answers = await page.evaluate(async (command) => {
    machine.launch(command)
    await machine.skip(4000)
    for (const target of ['/', '/', '/', '/', '/', '/', '/publish', '/rows', '/bad']) {
      machine.request(target)
      await machine.skip(500)
    }
    return machine.trace().flatMap((event) => (event.type === 'request-ended' ? [event.answer] : []))
  }, COMMAND)
  expect(answers.slice(0, 6)).toEqual(['count 1', 'count 2', 'count 3', 'count 4', 'count 5', 'count 6'])
  expect(answers[6]).toBe('receivers 2')
  expect(answers[7]).toContain('[1,"Foo",null]')
  expect(answers[8]).toBe('relation "x" does not exist')
  const events = await trace(page)
  expect(events.filter(({ type }) => type === 'sent')).toHaveLength(1)
  expect(events.filter(({ type }) => type === 'statement')).toHaveLength(5)
})
