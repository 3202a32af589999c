/** The machine around the server: what appears where it acts, and what can be done to it. */
import { expect } from '@playwright/test'
import { watch } from './lab-page.ts'
import { isServing, openPlayground, ready, sessionOf, tabTo, traceOf, waitFor } from './playground-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the playground’s machine', 1 / 4)

test.describe.configure({ timeout: 180_000 })

const button = (name: string | RegExp) => ({ name, exact: typeof name === 'string' })

test('a proxy is put before the server by keyboard; its certificate expires and is renewed', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await openPlayground(page)
  await page.getByRole('button', button('Start')).click()
  await waitFor(page, isServing)
  await expect(page.getByRole('button', { name: /^cores/ })).toBeVisible()
  await page.locator('h1').click()
  await tabTo(page, /^button The machine/)
  await page.keyboard.press('Enter')
  await tabTo(page, /^button Put a TLS proxy/)
  await page.keyboard.press('Enter')
  await waitFor(page, ({ around }) => (around.proxy?.forwarded ?? 0) > 2)
  const about = page.getByRole('region', { name: 'The TLS proxy' })
  await expect(about).toContainText('89 days left')
  await tabTo(page, /^button Let the certificate expire/)
  await page.keyboard.press('Enter')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'rejected')
  await expect(about).toContainText('expired')
  await tabTo(page, /^button Renew the certificate/)
  await page.keyboard.press('Enter')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'certificateGot')
  await expect(about).toContainText('89 days left')
  await page.keyboard.press('Escape')
  await expect(about).toBeHidden()
  await page.getByRole('button', { name: 'About the proxy' }).click()
  await expect(about).toBeVisible()
  await about.getByRole('button', { name: 'Take the proxy away' }).click()
  await waitFor(page, ({ around }) => around.proxy === undefined)
  expect(trouble).toEqual([])
})

test('a unit is written, started and enabled, and is there after a reboot', async ({ page, baseURL }) => {
  const trouble = watch(page, baseURL)
  await openPlayground(page)
  await page.getByRole('button', button('The machine')).click()
  await page.getByRole('button', { name: 'Write web.service for the init system' }).click()
  const about = page.getByRole('region', { name: 'web.service' })
  await expect(about.getByRole('textbox')).toHaveValue(/--workers 4/)
  await about.getByRole('textbox').fill((await about.getByRole('textbox').inputValue()).replace('4', '2'))
  await about.getByRole('button', { name: 'Save and daemon-reload' }).click()
  await about.getByRole('button', { name: 'systemctl enable' }).click()
  await about.getByRole('button', { name: 'systemctl start' }).click()
  const before = await waitFor(page, isServing)
  expect(before.slots).toHaveLength(2)
  await expect(page.getByRole('button', { name: /^web\.service/ })).toContainText('active (running)')

  await page.getByRole('button', button('The machine')).click()
  await page.getByRole('button', button('Reboot')).click()
  await waitFor(page, ({ around }) => around.power === 'going-down')
  await page.getByRole('button', button('+30 s')).click()
  const after = await waitFor(page, ({ around, server }) => around.boots === 1 && server?.listening === true)
  expect(after.server?.pid).not.toBe(before.server?.pid)
  const types = (await sessionOf(page)).inputs.map(({ type }) => type)
  expect(types).toEqual(['open', 'write', 'write', 'unit', 'unit', 'unit', 'reboot'])
  expect(trouble).toEqual([])
})

test('what was undone is done again, and so is a way that was left', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', button('Start')).click()
  await waitFor(page, isServing)
  await page.getByRole('button', button('The machine')).click()
  await page.getByRole('button', { name: 'Break the SSH connection: server' }).click()
  await expect.poll(async () => (await traceOf(page)).some(({ type }) => type === 'hung-up')).toBe(true)
  await page.getByRole('button', button('Pause')).click()
  const redo = page.getByRole('button', button('Redo'))
  await expect(redo).toBeHidden()
  const whole = await traceOf(page)
  const length = (await sessionOf(page)).inputs.length
  await page.getByRole('button', button('Undo')).click()
  await ready(page)
  await expect(redo).toBeVisible()
  expect((await sessionOf(page)).inputs).toHaveLength(length - 1)
  await redo.click()
  await ready(page)
  expect((await traceOf(page)).slice(0, whole.length)).toEqual(whole)
  await expect(redo).toBeHidden()

  // Two steps back, one forth; then something else, and the way that was left is gone.
  await page.getByRole('button', button('Undo')).click()
  await ready(page)
  await page.getByRole('button', button('Undo')).click()
  await ready(page)
  await redo.click()
  await ready(page)
  await expect(redo).toBeVisible()
  await page.getByRole('switch').click()
  await expect(redo).toBeHidden()
})

test('on a phone Ctrl+R looks for an earlier command with the words that were typed', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 })
  await openPlayground(page)
  const input = page.getByRole('textbox', { name: /^Command for/ })
  for (const text of ['echo one', 'echo two', 'nproc']) {
    await input.fill(text)
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await sessionOf(page)).inputs.at(-1)).toMatchObject({ text })
    await expect(input).toHaveValue('')
  }
  await input.fill('echo')
  const key = page.getByRole('button', { name: /^Ctrl\+R/ })
  await key.click()
  await expect(input).toHaveValue('echo two')
  await key.click()
  await expect(input).toHaveValue('echo one')
})

test.describe('a panel that is loaded when it is opened', () => {
  // What a service worker loads passes the routes of these tests by.
  test.use({ serviceWorkers: 'block' })
  const PANELS = /\/lazy-panels[^/]*\.js$/

  test('that comes late does not take the place of one that was opened meanwhile', async ({ page }) => {
    let asked = (): void => undefined
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    let answer = (): void => undefined
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve))
    await page.route(PANELS, async (route) => {
      asked()
      await mayAnswer
      await route.continue()
    })
    await openPlayground(page)
    await page.getByRole('button', button('The machine')).click()
    await isAsked
    await page.getByRole('button', { name: 'About the clients' }).click()
    const clients = page.getByRole('region', { name: 'The clients' })
    await expect(clients).toBeVisible()
    const loaded = page.waitForResponse(PANELS)
    answer()
    await (await loaded).finished()
    // Its module has been evaluated when the same file is here once more.
    await page.evaluate((url) => import(url), (await loaded).url())
    await expect(clients).toBeVisible()
    await page.getByRole('button', button('The machine')).click()
    await expect(page.getByRole('region', { name: 'The machine' })).toBeVisible()
    await expect(clients).toBeHidden()
  })

  test('and cannot be had says so in its place', async ({ page }) => {
    await page.route(PANELS, (route) => route.abort())
    await openPlayground(page)
    await page.getByRole('button', button('The machine')).click()
    const panel = page.getByRole('region', { name: 'Not loaded' })
    await expect(panel).toContainText('This panel could not be loaded (')
    await expect(panel.getByRole('heading')).toBeFocused()
    await panel.getByRole('button', button('Close')).click()
    await expect(panel).toBeHidden()
    // The others are there as ever.
    await page.getByRole('button', { name: 'About the clients' }).click()
    await expect(page.getByRole('region', { name: 'The clients' })).toBeVisible()
  })
})
