/** A worker whose JavaScript heap is full: the browser ends the frame's process, and the page says so. */
import { expect } from '@playwright/test'
import type { GuestTurn } from '../../simulator/host/virtual/guest.ts'
import { chromiumFlags, findChromium } from '../setup/chromium.ts'
import { shareOf } from './share.ts'

const test = shareOf('a full heap', 1 / 4)
const executablePath = findChromium()

// As on a desktop, the frame is a process of its own; without that the browser ends the page with it.
test.use({
  launchOptions: {
    args: [...chromiumFlags, '--site-per-process', '--enable-features=IsolateSandboxedIframes'],
    ...(executablePath && { executablePath }),
  },
})

const GREEDY = `
const kept = []
export const app = () => {
  for (;;) kept.push(new Array(100_000).fill(1.5 + kept.length))
}`
const HELLO = `export const app = () => new Response('hello')`

test('ends with a sentence, and the next worker serves', async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto('test/attacks/')
  await page.waitForFunction(() => 'attacks' in globalThis)
  // Playwright takes the page for crashed when one of its frames is; the page itself goes on.
  const session = await page.context().newCDPSession(page)
  const { result } = await session.send('Runtime.evaluate', {
    expression: `attacks.workers(${JSON.stringify([GREEDY, HELLO])}, 1000)`,
    awaitPromise: true,
    returnByValue: true,
  })
  const turns = result.value as GuestTurn[]
  expect(turns[0]?.acts).toEqual([
    {
      type: 'crashed',
      after: 0,
      raised: {
        name: 'WorkerError',
        message:
          'The browser ended every worker of this machine at once: together their JavaScript took more memory than it gives to a page. What does the application keep and never free?',
        frames: [],
      },
    },
  ])
  expect(turns[1]?.acts).toContainEqual(expect.objectContaining({ type: 'body', text: 'hello' }))
})
