/** A checkpoint by hand: its conditions are live, a lost one is reported, and there is a way on. */
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { arriveAt, languages, openChapter, waitFor, watch } from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of checkpoints', 1 / 4)

test.setTimeout(180_000)

const condition = (page: Page, id: string) => page.locator(`sw-lab [data-condition="${id}"]`)
const status = (page: Page) => page.locator('sw-lab .task-do [role="status"]')
const highlighted = (page: Page) => page.locator('sw-lab .primary:not([aria-disabled="true"])')
const openTask = (page: Page, id: string) => page.locator(`sw-lab .task-list [data-task="${id}"]`).click()

test('a question is answered, then a worker is killed with nothing in hand: reached, and on to the next task', async ({
  page,
}) => {
  await openChapter(page, 'server-workers')
  await openTask(page, 'next-ten')
  await page.locator('sw-lab').getByRole('radio', { name: 'None.' }).check()
  await page.locator('sw-lab .settle').click()
  await expect(page.locator('sw-lab .verdict')).toHaveText('✓ As you said.', { timeout: 60_000 })
  await expect(highlighted(page)).toHaveText(/^\s*Next: Kill one, lose nothing/)
  await highlighted(page).click()
  await expect(page.locator('sw-lab [data-notice]')).toHaveText(
    'The machine was set up afresh for this task.',
  )
  await expect(condition(page, 'serving')).toHaveAttribute('data-state', 'open')
  await expect(highlighted(page)).toHaveText(/Start/)
  await highlighted(page).click()
  await expect(condition(page, 'serving')).toHaveAttribute('data-state', 'met')
  await expect(condition(page, 'killed')).toHaveAttribute('data-state', 'open')
  await page.locator('sw-lab .switch').first().click()
  await waitFor(page, ({ slots }) => slots.every(({ lives }) => lives.every(({ open }) => open.length === 0)))
  await page.locator('sw-lab button.kill').first().click()
  await expect(condition(page, 'killed')).toHaveAttribute('data-state', 'met')
  await expect(condition(page, 'successor')).toHaveAttribute('data-state', 'met')
  await page.locator('sw-lab .switch').first().click()
  await expect(page.locator('sw-lab .verdict')).toHaveText('✓ Reached.')
  await expect(status(page)).toContainText('The parent saw the gap')
  await expect(page.locator('sw-lab .conditions li:not(.met)')).toHaveCount(0)
  await expect(page.locator('sw-lab .task-foot')).toContainText('2 of ')
  await expect(highlighted(page)).toHaveText(/^\s*Next: Ctrl\+C/)
  await highlighted(page).click()
  await expect(page.locator('sw-lab .verdict')).toHaveCount(0)
  await expect(page.locator('sw-lab .task-list .on')).toHaveAttribute('data-task', 'who-gets-ctrl-c')
})

for (const { folder, lang, width, able } of [
  { folder: '', lang: 'en', width: 1600, able: 'What you can do now' },
  { folder: 'zh-cn/', lang: 'zh-CN', width: 390, able: '现在你能做到' },
  { folder: 'ko/', lang: 'ko', width: 1280, able: '이제 할 수 있는 일' },
])
  test(`${lang}, ${width} px: the last card of a chapter sets up the machine, shows its conditions live, and leads on`, async ({
    page,
    baseURL,
  }) => {
    const trouble = watch(page, baseURL)
    await page.setViewportSize({ width, height: 844 })
    await page.addInitScript(() => {
      // Not in the frame of the applications, which has no storage.
      if (self !== top) return
      const others = ['next-ten', 'replaced', 'who-gets-ctrl-c'].map((id): [string, string] => [
        `server-workers/${id}`,
        '2026-01-01',
      ])
      localStorage.setItem('sw-progress', JSON.stringify({ version: 1, done: Object.fromEntries(others) }))
    })
    await arriveAt(page, `${folder}server-workers`)
    const card = page.locator('#ask-gentle-stop')
    const met = (id: string) => card.locator(`[data-condition="${id}"][data-state="met"]`)
    await expect(card.locator('.conditions li')).toHaveCount(5)
    await card.locator('[data-begin]').click()
    // The machine is open, the text is still there, and both show the same.
    await expect(page.locator('sw-lab .strip li.open').first()).toBeVisible()
    await expect(card.locator('.goal')).toBeInViewport()
    await expect(card.locator('[data-condition][data-state="open"]').first()).toBeVisible()
    await page.locator('sw-lab [data-run="start"]').click()
    await expect(met('answered')).toBeVisible()
    await expect(page.locator('sw-lab .strip li.met').first()).toBeVisible()
    const interrupt = page.locator('sw-lab').getByRole('button', { name: /Ctrl\+C/ })
    if (await interrupt.isVisible()) await interrupt.click()
    else {
      await page.locator('sw-lab #pane-server .xterm-screen').click()
      await page.keyboard.press('Control+c')
    }
    await expect(card.locator('.verdict.right')).toBeVisible()
    await expect(card.locator('.able')).toContainText(able)
    await expect(card.locator('.able li')).toHaveCount(3)
    await card.locator('a.next').click()
    await expect(page).toHaveURL(new RegExp(`/${folder}concepts/$`))
    expect(trouble).toEqual([])
  })

for (const { folder, lang } of languages)
  test(`a request is lost, in ${lang}: the checkpoint says so, and what to do`, async ({ page }) => {
    await openChapter(page, `${folder}server-workers`)
    await openTask(page, 'replaced')
    await page.locator('sw-lab [data-run="start"]').click()
    await expect(condition(page, 'serving')).toHaveAttribute('data-state', 'met')
    // A killed worker loses the requests in progress.
    await page.evaluate(() => {
      const kernel = document.querySelector('sw-lab')?.machine?.kernel
      kernel?.subscribe((event) => {
        if (event.type === 'accepted') kernel.after(0, () => kernel.signal(event.pid, 'KILL'))
      })
    })
    await expect(condition(page, 'none-lost')).toHaveAttribute('data-state', 'lost')
    await expect(condition(page, 'none-lost')).toContainText('✗')
    await expect(page.locator('sw-lab [data-news]')).not.toHaveText('')
    await expect(page.locator('sw-lab .verdict')).toHaveClass('verdict wrong')
    await expect(highlighted(page)).toHaveCount(1)
    const found = await new AxeBuilder({ page }).include('sw-lab').analyze()
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    await highlighted(page).click()
    await expect(condition(page, 'none-lost')).toHaveAttribute('data-state', 'met')
    await expect(page.locator('sw-lab .verdict')).toHaveCount(0)
    await expect(status(page)).not.toHaveText('')
  })
