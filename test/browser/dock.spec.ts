/** The lab that stays in view: beside the text, or as a bar at the bottom. */
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { SCENARIOS } from '../../simulator/scenario/index.ts'
import { inTurn } from '../setup/seed.ts'
import { arriveAt, openMachine, waitFor, watch } from './lab-page.ts'

test.setTimeout(180_000)

interface Shift extends PerformanceEntry {
  readonly hadRecentInput?: boolean
  readonly sources?: readonly { readonly node: Element | null }[]
}

const widths = [390, 768, 1280, 1600] as const
const looks = widths.flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })))
/** Every lab has a style, and every style a lab. */
const docked = SCENARIOS.map(({ id }, index) => ({ id, ...looks[index % looks.length]! }))

for (const { id, width, scheme } of inTurn('labs that keep in sight', docked, 1 / 5))
  test(`${id}, ${width} px, ${scheme}: nothing moves as it loads, nothing of the text is behind it, axe finds nothing`, async ({
    page,
    baseURL,
  }) => {
    const trouble = watch(page, baseURL)
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme: scheme })
    await page.addInitScript(() => {
      const shifts: string[] = []
      Object.assign(globalThis, { shifts })
      new PerformanceObserver((list) => {
        for (const { sources = [], hadRecentInput } of list.getEntries() as Shift[])
          for (const { node } of sources)
            if (!hadRecentInput && node?.closest?.('main')) shifts.push(node.outerHTML.slice(0, 100))
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await arriveAt(page, id)
    const lab = page.locator('sw-lab')
    await expect(lab).toBeInViewport()
    expect(await page.evaluate(() => (globalThis as { shifts?: string[] }).shifts)).toEqual([])
    const box = await lab.boundingBox()
    await page.locator('main h2').nth(2).scrollIntoViewIfNeeded()
    expect(await lab.boundingBox()).toEqual(box)
    // Text stands left of it, or above it; the last of the page, too.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const last = await page
      .locator('footer')
      .filter({ has: page.locator('time') })
      .boundingBox()
    expect(
      last!.y + last!.height <= box!.y || last!.x + last!.width <= box!.x,
      `${JSON.stringify(last)} ${JSON.stringify(box)}`,
    ).toBe(true)
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).include('sw-lab').analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    }
    await check()
    await openMachine(page)
    await expect(lab.locator('[data-run="start"]')).toBeInViewport()
    await check()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(trouble).toEqual([])
  })

test('by keyboard: the bar opens, plays, shuts, goes away, is remembered on other pages, and comes back', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 844 })
  await arriveAt(page, 'restarts')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await expect(button('Start')).toBeHidden()
  await button('Open the machine').focus()
  await page.keyboard.press('Enter')
  await expect(button('Shut the machine')).toBeFocused()
  await expect(button('Shut the machine')).toHaveAttribute('aria-expanded', 'true')
  await button('Start').press('Enter')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  await button('Shut the machine').press('Enter')
  await expect(button('Open the machine')).toBeFocused()
  // Its rows and its sentence go on.
  await expect(page.locator('sw-lab .mini-row .who').first()).toHaveText(/\d+/)
  await expect(page.locator('sw-lab .say')).toContainText('serve')
  await button('Put the machine away').press('Enter')
  await expect(button('Bring the machine back')).toBeFocused()
  await arriveAt(page, 'memory')
  await expect(page.locator('html')).toHaveAttribute('data-dock', 'away')
  await button('Bring the machine back').press('Enter')
  await expect(button('Open the machine')).toBeFocused()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-dock', 'here')
})

test('a question is answered where the text asks it; the machine shows it, right and wrong look different, and the way leads on', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('server-workers/')
  const card = page.locator('#ask-next-ten')
  // Chosen before the lab is there, and kept.
  await card.getByRole('radio', { name: 'All, until the parent has noticed.' }).check()
  await page.waitForFunction(() => document.querySelector('sw-lab')?.machine !== undefined)
  await expect(card.getByRole('radio', { name: 'All, until' })).toBeChecked()
  await card.locator('.settle.primary').click()
  await expect(card.locator('.verdict.wrong')).toHaveText('✗ No: the machine did something else.', {
    timeout: 60_000,
  })
  await expect(card.locator('label.false')).toHaveText('All, until the parent has noticed.')
  await expect(card.locator('label.true')).toHaveText('None.')
  await expect(card).toContainText('A dead process accepts nothing')
  // The bar has shown the task, and announces it.
  await expect(page.locator('sw-lab .mini-row .who').first()).toHaveText(/\d+/)
  await expect(page.locator('sw-lab [data-verdict]')).toContainText('None.')
  const { violations } = await new AxeBuilder({ page }).include('#ask-next-ten').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
  await card.getByRole('button', { name: /^Next: Kill one/ }).click()
  const todo = page.locator('#ask-replaced')
  await expect(todo).toBeInViewport()
  await expect(todo.locator('[data-begin]')).toBeFocused()
  const next = page.locator('#ask-who-gets-ctrl-c')
  await next.getByRole('radio', { name: 'All five.' }).check()
  await next.locator('.settle').click()
  await expect(next.locator('.verdict.right')).toHaveText('✓ As you said.', { timeout: 60_000 })
  // The first answer is still there, and the next task is one for the machine: it opens when the reader begins.
  await expect(card.locator('.verdict.wrong')).toBeVisible()
  await next.getByRole('button', { name: /^Next: Stop without/ }).click()
  await page.locator('#ask-gentle-stop [data-begin]').click()
  await expect(page.locator('#ask-gentle-stop .conditions')).toBeInViewport()
  await expect(page.locator('sw-lab [data-run="start"]')).toBeInViewport()
  expect(trouble).toEqual([])
})

for (const width of [390, 1280, 1440])
  test(`${width} px: a command of the text and a checkpoint's Start are seen in the picture and its caption`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 844 })
    await arriveAt(page, 'server-workers')
    const seen = async () => {
      await expect(page.locator('sw-lab .stage .kill').first()).toBeInViewport({ ratio: 0.9 })
      await expect(page.locator('sw-lab .say')).toBeInViewport()
    }
    await page
      .locator('sw-command', { hasText: 'fastapi run --workers 4' })
      .first()
      .locator('[data-try]')
      .click()
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    await seen()
    await page.locator('#ask-replaced [data-begin]').click()
    await page.locator('sw-lab [data-run="start"]:not([aria-disabled="true"])').click()
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    await seen()
  })

test('by keyboard: while the machine answers, and after it, the focus stays at the question', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await arriveAt(page, 'server-workers')
  const card = page.locator('#ask-who-gets-ctrl-c')
  await card.getByRole('radio', { name: 'All five.' }).check()
  await card.locator('.settle').focus()
  await page.keyboard.press('Enter')
  await expect(card.locator('[data-card]')).toBeFocused()
  await expect(card.locator('.next')).toBeFocused({ timeout: 60_000 })
})

test('no figure of the time axis is printed over the text about the parent', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await arriveAt(page, 'server-workers')
  await page.locator('sw-command', { hasText: 'fastapi run main.py' }).first().locator('[data-try]').click()
  // Long enough for the axis to have moved below the text.
  await page.waitForFunction(() => (document.querySelector('sw-lab')?.machine?.kernel.now ?? 0) > 7000)
  const covered = await page
    .locator('sw-lab .stage svg')
    .first()
    .evaluate((picture) => {
      const box = (text: Element) => text.getBoundingClientRect()
      const state = [...picture.querySelectorAll('text')].find(
        ({ textContent }) => textContent === 'manager and worker in one',
      )!
      return [...picture.querySelectorAll('.axis text')].filter((text) => box(text).left < box(state).right)
        .length
    })
  expect(covered).toBe(0)
})

test("the chapter's last checkpoint, reached first, leads to the tasks that are left", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await arriveAt(page, 'server-workers')
  const card = page.locator('#ask-gentle-stop')
  await card.locator('[data-begin]').click()
  await page.locator('sw-lab [data-run="start"]').click()
  await waitFor(page, ({ counts }) => counts.answered >= 10)
  await expect(card.locator('[data-condition="asking"][data-state="met"]')).toBeVisible()
  await page.locator('sw-lab #tab-server').click()
  await page.locator('sw-lab #pane-server .xterm-screen').click()
  await page.keyboard.press('Control+c')
  await expect(card.locator('.verdict.right')).toHaveText('✓ Reached.')
  await expect(card).toContainText('3 tasks of this chapter are left.')
  await expect(card.getByRole('button', { name: /^Next: Ten requests/ })).toBeVisible()
  await expect(card.locator('.able')).toHaveCount(0)
  await expect(card.getByRole('button', { name: /^Hint/ })).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })
  test('the recording stands in the text, and nothing lies over it', async ({ page }) => {
    await page.goto('restarts/')
    await expect(page.locator('sw-lab')).toHaveCSS('position', 'static')
    await expect(page.locator('sw-lab .recorded')).toBeVisible()
    await expect(page.locator('.dock-wait')).toBeHidden()
    const card = page.locator('#ask-boss')
    await expect(card.locator('label').first()).toBeVisible()
    await card.locator('summary').click()
    await expect(card.locator('details p')).not.toBeEmpty()
  })
})
