import { expect, test } from '@playwright/test'

test('the sidebar says what is done, in another tab too', async ({ page, context }) => {
  await page.goto('concepts/')
  const link = page.locator('nav.sidebar a', { hasText: 'Replication' })
  await expect(link.locator('.progress')).toHaveCount(0)
  const other = await context.newPage()
  await other.goto('about/')
  const tasks = await page
    .locator('sw-sidebar-progress')
    .evaluate(
      (element) => JSON.parse((element as HTMLElement).dataset['tasks'] ?? '{}') as Record<string, string[]>,
    )
  const own = tasks['/replication/'] ?? []
  expect(own.length).toBeGreaterThan(1)
  const keep = (names: string[]) =>
    other.evaluate((done) => {
      const at = new Date(0).toISOString()
      const entries = Object.fromEntries(done.map((name) => [name, at]))
      localStorage.setItem('sw-progress', JSON.stringify({ version: 1, done: entries }))
    }, names)
  await keep(own.slice(0, 1))
  await expect(link.locator('.progress')).toHaveText(`1/${own.length}`)
  await expect(link.locator('.progress')).toHaveAccessibleName(`1 of ${own.length} done`)
  await keep(own)
  await expect(link.locator('.progress')).toHaveText('✓')
})
