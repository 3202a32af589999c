/** What the playground costs, told by facts rather than by times. */
import { expect, test, type Page } from '@playwright/test'
import { isServing, openPlayground, traceOf, waitFor } from './playground-page.ts'

test.describe.configure({ timeout: 240_000 })

/** What the page has asked the browser to call it back for, and what it sent to other threads. */
interface Scheduled {
  readonly frames: number
  readonly timers: number
  readonly intervals: number
  readonly messages: number
}

/** Counts from the first script of the page on. */
async function count(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames = new Set<number>()
    const timers = new Set<number>()
    const intervals = new Set<number>()
    let messages = 0
    const frame = window.requestAnimationFrame.bind(window)
    const noFrame = window.cancelAnimationFrame.bind(window)
    const timer = window.setTimeout.bind(window)
    const noTimer = window.clearTimeout.bind(window)
    const interval = window.setInterval.bind(window)
    const noInterval = window.clearInterval.bind(window)
    window.requestAnimationFrame = (run) => {
      const id = frame((now) => {
        frames.delete(id)
        run(now)
      })
      frames.add(id)
      return id
    }
    window.cancelAnimationFrame = (id) => {
      frames.delete(id)
      noFrame(id)
    }
    window.setTimeout = ((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const id = timer(() => {
        timers.delete(id)
        run(...args)
      }, ms)
      timers.add(id)
      return id
    }) as unknown as typeof setTimeout
    window.setInterval = ((run: () => void, ms?: number) => {
      const id = interval(run, ms)
      intervals.add(id)
      return id
    }) as unknown as typeof setInterval
    // The browser has one list of both.
    window.clearTimeout = window.clearInterval = (id) => {
      timers.delete(id as number)
      intervals.delete(id as number)
      noTimer(id)
      noInterval(id)
    }
    const post = Reflect.get(MessagePort.prototype, 'postMessage') as (...args: unknown[]) => void
    Reflect.set(MessagePort.prototype, 'postMessage', function (this: MessagePort, ...args: unknown[]) {
      messages += 1
      return Reflect.apply(post, this, args)
    })
    Reflect.set(window, 'scheduled', () => ({
      frames: frames.size,
      timers: timers.size,
      intervals: intervals.size,
      messages,
    }))
  })
}

function scheduled(page: Page): Promise<Scheduled> {
  return page.evaluate(() => (Reflect.get(window, 'scheduled') as () => Scheduled)())
}

/** Waits until the page has asked for nothing any more: it can then do nothing by itself. */
async function atRest(page: Page): Promise<Scheduled> {
  await expect
    .poll(
      async () => {
        const { frames, timers, intervals } = await scheduled(page)
        return { frames, timers, intervals }
      },
      { timeout: 30_000 },
    )
    .toEqual({ frames: 0, timers: 0, intervals: 0 })
  return scheduled(page)
}

test('a paused machine asks the browser for nothing: no frame, no timer, no message', async ({ page }) => {
  await count(page)
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  // Running, it does.
  const running = await scheduled(page)
  await page.waitForFunction(
    (before) => (Reflect.get(window, 'scheduled') as () => Scheduled)().messages > before,
    running.messages,
  )
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const paused = await atRest(page)
  const events = (await traceOf(page)).length
  // Its workers, which have timers of their own, have time to do something if they ever do.
  await page.evaluate(async () => {
    for (let turn = 0; turn < 300; turn++) {
      const { port1, port2 } = new MessageChannel()
      await new Promise((resolve) => {
        port1.onmessage = resolve
        port2.postMessage(turn)
      })
      port1.close()
    }
  })
  expect(await scheduled(page)).toEqual({ ...paused, messages: paused.messages + 300 })
  expect(await traceOf(page)).toHaveLength(events)
  // And it goes on from there.
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await page.waitForFunction(
    (events) => (document.querySelector('sw-playground')?.machine?.kernel.recorded ?? 0) > events,
    events,
  )
})

test('thirty-two Web Workers serve, each of them', async ({ page }) => {
  await openPlayground(page)
  await page.locator('sw-playground .xterm-helper-textarea').first().focus()
  await page.keyboard.type('uvicorn main:app --port 8080 --workers 32 --no-access-log\n')
  await page.waitForFunction(() => {
    const { trace } = document.querySelector('sw-playground')?.machine?.kernel ?? {}
    return trace?.filter((event) => event.type === 'phase' && event.phase === 'serving').length === 32
  })
  expect(page.workers()).toHaveLength(32)
  const answered = await page.evaluate(async () => {
    const machine = document.querySelector('sw-playground')?.machine
    if (machine === undefined) throw new Error('there is no machine')
    const { kernel, pace } = machine
    const pids = new Set<number>()
    kernel.subscribe((event) => {
      if (event.type === 'request-ended' && event.end === 'answered' && event.pid !== undefined)
        pids.add(event.pid)
    })
    for (let turn = 0; turn < 40 && pids.size < 32; turn++) {
      for (let client = 0; client < 64; client++) {
        const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/work', patience: 60_000 }
        kernel.request(request, { onEnd: () => undefined })
      }
      await pace.skip(1000)
    }
    return pids.size
  })
  expect(answered).toBe(32)
})
