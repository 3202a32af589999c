import { expect, test } from '@playwright/test'

test('after the first visit the guide can be read without a network', async ({ page, context }) => {
  test.setTimeout(120_000)
  await page.goto('concepts/')
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready
    if (active === null) throw new Error('no service worker is active')
  })
  await context.setOffline(true)
  for (const path of ['server-workers/', 'ko/server-workers/', 'zh-cn/memory/', 'glossary/']) {
    await page.goto(path)
    await expect(page.locator('h1')).toBeVisible()
    // With its styles: the serif of headings is ours.
    expect(await page.locator('h1').evaluate((heading) => getComputedStyle(heading).fontFamily)).toContain(
      'serif',
    )
  }
  await context.setOffline(false)
})
