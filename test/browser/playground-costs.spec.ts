/** What the playground costs, measured by facts instead of times. */
import { expect } from '@playwright/test'
import { times } from '../setup/seed.ts'
import { isServing, openPlayground, traceOf, waitFor } from './playground-page.ts'
import { atRest, count, left, rounds, scheduled, type Scheduled } from './playground-rounds.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of what the playground costs', 1 / 3)

test.describe.configure({ timeout: 240_000 })

test('a paused machine asks the browser for nothing: no frame, no timer, no message', async ({ page }) => {
  await count(page)
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  // While it runs, it does.
  const running = await scheduled(page)
  await page.waitForFunction(
    (before) => (Reflect.get(window, 'scheduled') as () => Scheduled)().messages > before,
    running.messages,
  )
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const paused = await atRest(page)
  const events = (await traceOf(page)).length
  // Its workers, which have timers of their own, get time in which they could act.
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
  // And it continues from there.
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await page.waitForFunction(
    (events) => (document.querySelector('sw-playground')?.machine?.kernel.recorded ?? 0) > events,
    events,
  )
})

test('a machine with more to do than there is time for leaves every second frame to the page', async ({
  page,
}) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  const left = await page.evaluate(async () => {
    const machine = document.querySelector('sw-playground')?.machine
    if (machine === undefined) throw new Error('there is no machine')
    const { kernel, pace } = machine
    pace.speed = 20
    const ask = (): void => {
      const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/', patience: 60_000 }
      kernel.request(request, { onEnd: () => kernel.after(1, ask) })
    }
    for (let client = 0; client < 200; client++) ask()
    const frames: boolean[] = []
    while (frames.filter((isLeft) => !isLeft).length < 50) {
      const wall = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      frames.push(pace.leaves(wall))
    }
    return frames
  })
  const twice = left.filter((isLeft, index) => !isLeft && left[index + 1] === false)
  expect(twice).toEqual([])
  // And the reader is told why its clock is slow.
  await expect(page.locator('sw-playground .bar .facts')).toContainText('this browser can play no more')
})

test('rounds of start, kill, reload, stop leave nothing behind', async ({ page }) => {
  await count(page)
  await openPlayground(page)
  const cdp = await page.context().newCDPSession(page)
  // By now everything that is loaded and allocated once is there.
  await rounds(page, 3)
  const before = await left(page, cdp)
  await rounds(page, times('rounds of start, kill, reload, stop', 10, 3))
  const after = await left(page, cdp)
  expect(before.workers).toBe(0)
  expect({ ...after, nodes: 0, heap: 0 }).toEqual({ ...before, nodes: 0, heap: 0 })
  expect(after.nodes).toBeLessThanOrEqual(before.nodes * 1.1)
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
