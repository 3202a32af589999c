import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chromium } from '@playwright/test'
import { browserWorld } from '../../browser/browser-world.ts'
import { chromiumFlags, findChromium } from '../../setup/chromium.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'

/** How long the guide may take to be built, in ms. */
const BUILD_MS = 300_000

/** Builds the guide with its page for tests, and runs a recording there with Web Workers as processes. */
export async function runInBrowser(recorded: Recorded, seed: number): Promise<Observed> {
  const port = 30_000 + (process.pid % 2_000)
  const env = { PORT: String(port), OUT_DIR: 'dist/test/conformance', TEST_PAGES: '1' }
  const server = spawn(process.execPath, ['src/build/serve.ts', '--build'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(server, 'exit')
  try {
    const url = `http://127.0.0.1:${port}/test/machine/`
    await reachable(url, () => server.exitCode !== null)
    const executablePath = findChromium()
    const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath && { executablePath }) })
    try {
      const page = await browser.newPage()
      await page.goto(url)
      await page.waitForFunction(() => 'lab' in globalThis)
      return await browserWorld(page).run(recorded, { seed })
    } finally {
      await browser.close()
    }
  } finally {
    server.kill()
    await gone
  }
}

async function reachable(url: string, over: () => boolean): Promise<void> {
  const limit = performance.now() + BUILD_MS
  for (;;) {
    const there = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (there) return
    if (over()) throw new Error('the guide could not be built; try: npm run build')
    if (performance.now() > limit) throw new Error(`the guide was not built within ${BUILD_MS / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
