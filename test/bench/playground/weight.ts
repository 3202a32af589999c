import { brotliCompressSync } from 'node:zlib'
import type { Browser } from '@playwright/test'
import type { Line } from '../line.ts'

/** What JavaScript the playground loads, compressed (brotli), in KB: a server is started and the figures are opened, the editor is not. */
export async function weight(browser: Browser, root: string): Promise<readonly Line[]> {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  const scripts = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (!response.ok() || !response.url().endsWith('.js')) return
    scripts.set(
      response.url(),
      response.body().then((body) => brotliCompressSync(body).length),
    )
  })
  await page.goto(`${root}playground/`)
  await page.waitForFunction(() => document.querySelector('sw-playground')?.machine !== undefined)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.locator('sw-playground details.figures-panel > summary').click()
  await page.locator('sw-playground .plot canvas').nth(3).waitFor()
  const sizes = await Promise.all(scripts.values())
  await context.close()
  return [
    {
      id: 'playground-scripts',
      what: 'JavaScript of the playground, the plots included, without the editor',
      unit: 'KB',
      ours: sizes.reduce((sum, size) => sum + size, 0) / 1024,
      goal: { atMost: 250 },
      of: `${sizes.length} files`,
    },
  ]
}
