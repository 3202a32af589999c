/** Runs twice: against the guide at /, and against the guide under /base/, where a static host may put it. */
import { expect, test } from '@playwright/test'
import { openLab, waitFor, watch } from './lab-page.ts'

test('the lab runs where the guide lies, and asks for nothing elsewhere', async ({ page, baseURL }) => {
  const trouble = watch(page, baseURL)
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ counts }) => counts.answered > 3)
  await expect(page.getByRole('link', { name: 'How this is checked' })).toHaveAttribute('href', /\/about\/$/)
  const href = await page
    .getByRole('link', { name: 'How this is checked' })
    .evaluate((link) => (link as HTMLAnchorElement).href)
  expect(href).toBe(`${baseURL}about/`)
  expect(trouble).toEqual([])
})
