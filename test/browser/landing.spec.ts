/** The landing page: from the first kill to the next thing, without a dead end. */
import { expect, test } from '@playwright/test'
import { currentProcess } from '../../simulator/machine/view/index.ts'
import { terminalText, waitFor, watch } from './lab-page.ts'

test.setTimeout(120_000)

test('the first kill leads to the next three things to break; the buttons lead to the first chapter and the playground', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await page.goto('')
  await page.mouse.move(200, 300)
  await page.waitForFunction(() => document.querySelector('sw-lab')?.machine !== undefined)
  const { slots } = await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const lab = page.locator('sw-lab')
  await expect(lab.locator('.breaks')).toHaveCount(0)
  await page.getByRole('button', { name: `Kill worker ${currentProcess(slots[0]!)!.pid}` }).click()
  await expect(lab.locator('[data-break]')).toHaveCount(3)
  await lab.locator('[data-break=frozen]').click()
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\$ kill -STOP \d+/)
  await waitFor(page, ({ around }) => around.cores.stopped.size > 0)
  await lab.locator('[data-break=parent]').click()
  await waitFor(page, ({ server }) => server?.until !== undefined)
  await expect(lab.locator('[data-break=parent]')).toHaveAttribute('aria-disabled', 'true')
  const links = page.locator('main a')
  await expect(links.first()).toHaveAttribute('href', './server-workers/')
  await expect(links.nth(1)).toHaveAttribute('href', './playground/')
  expect(trouble).toEqual([])
})
