import { expect, test as base, type Page } from '@playwright/test'
import type { Lab, RemoteDriver } from './pages/machine.ts'
import type { Machine } from './pages/machines.ts'

/** What test/browser/pages/machine.ts gives to the specs. */
declare global {
  const lab: Lab
  const remote: RemoteDriver
  const machine: Machine
}

/** Tests whose `page` is one for all of a runner: loading it costs more than what they do with it. None leaves a Web Worker behind. */
export const test = base.extend<object, { room: Page }>({
  room: [
    async ({ browser }, use, { project }) => {
      const { baseURL } = project.use
      const page = await browser.newPage(baseURL === undefined ? {} : { baseURL })
      await page.goto('test/machine/')
      await page.waitForFunction(() => 'lab' in globalThis)
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
  page: async ({ room }, use) => {
    const errors: string[] = []
    const hear = (error: Error) => errors.push(String(error))
    room.on('pageerror', hear)
    await use(room)
    room.off('pageerror', hear)
    expect(errors).toEqual([])
    await expect.poll(() => room.workers().length, 'Web Workers alive after the test').toBe(0)
    expect(await room.locator('iframe').count(), 'frames in the page after the test').toBe(0)
  },
})
