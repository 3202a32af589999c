/** The prose and its lab. */
import { expect, test } from '@playwright/test'
import { languages, openLab, pictureOf, terminalText, waitFor, watch } from './lab-page.ts'

for (const { folder, lang } of languages) {
  test(`${lang}: a command of the prose goes into the terminal, and is not run`, async ({
    page,
    baseURL,
  }) => {
    const trouble = watch(page, baseURL)
    await openLab(page, folder)
    const block = page.locator('sw-command', { hasText: 'fastapi run --workers 4 main.py' }).first()
    await block.locator('[data-try]').click()
    await expect.poll(() => terminalText(page, 'server')).toBe('$ fastapi run --workers 4 main.py')
    expect((await pictureOf(page)).server).toBeUndefined()
    await expect(page.locator('sw-lab .terminals')).toBeInViewport()
    await page.keyboard.press('Enter')
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')

    await page
      .locator('sw-command', { hasText: 'curl http://127.0.0.1:8000/' })
      .first()
      .locator('[data-try]')
      .click()
    await expect.poll(() => terminalText(page, 'client')).toBe('$ curl http://127.0.0.1:8000/')
    await page.keyboard.press('Enter')
    await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":273\d\d\}/)
    expect(trouble).toEqual([])
  })
}

test('a command for a terminal that a server holds waits there', async ({ page }) => {
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const block = page.locator('sw-command', { hasText: 'fastapi run --workers 4 main.py' }).first()
  await block.locator('[data-try]').click()
  await expect(page.locator('sw-lab .hint')).toContainText('The server holds this terminal')
  await page.keyboard.press('Control+c')
  await waitFor(page, ({ server }) => server?.until !== undefined)
  await expect.poll(() => terminalText(page, 'server')).toMatch(/\$ fastapi run --workers 4 main\.py$/)
})

test('a command sent before the lab is there arrives', async ({ page }) => {
  await page.goto('server-workers/')
  await page.locator('sw-command', { hasText: 'fastapi run main.py' }).first().locator('[data-try]').click()
  await expect.poll(() => terminalText(page, 'server').catch(() => '')).toBe('$ fastapi run main.py')
})

test("the lab's code is fetched when the lab comes near, and not before", async ({ page }) => {
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  await page.goto('about/')
  await page.waitForLoadState('networkidle')
  expect(fetched.filter((url) => /xterm|sw-lab|lab\//.test(url))).toEqual([])
})
