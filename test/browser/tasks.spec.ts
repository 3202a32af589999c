/** The labs' questions and checkpoints: asked before they are shown, settled by the machine in the page, kept in the browser. */
import AxeBuilder from '@axe-core/playwright'
import { expect, test as every, type FileChooser, type Page } from '@playwright/test'
import { SCENARIOS } from '../../simulator/scenario/index.ts'
import { inTurn } from '../setup/seed.ts'
import { openChapter, traceOf, watch } from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of tasks', 1 / 3)

test.setTimeout(300_000)

const status = (page: Page) => page.locator('sw-lab .task-do [role="status"]')

const openTask = (page: Page, id: string) => page.locator(`sw-lab .task-list [data-task="${id}"]`).click()

/** The number in the last answer. */
async function lastVisits(page: Page): Promise<unknown> {
  const ended = (await traceOf(page)).findLast((event) => event.type === 'request-ended')
  return ended?.type === 'request-ended' && ended.answer !== undefined
    ? (JSON.parse(ended.answer) as { visits?: number }).visits
    : undefined
}

test('eight clicks: 8 on one day, 3 on another, with real code in Web Workers', async ({ page, baseURL }) => {
  const trouble = watch(page, baseURL)
  await openChapter(page, 'replication')
  await openTask(page, 'eight-clicks')
  const run = page.locator('sw-lab .settle')
  await expect(run).toHaveAttribute('aria-disabled', 'true')
  await page.locator('sw-lab').getByRole('radio', { name: 'You cannot tell.' }).check()
  await run.click()
  await expect(run).toHaveText('The same on another day', { timeout: 120_000 })
  expect(await lastVisits(page)).toBe(8)
  await run.click()
  await expect(status(page)).toContainText('As you said.', { timeout: 120_000 })
  expect(await lastVisits(page)).toBe(3)
  // Each bar carries its number, and says who answered.
  await expect(page.locator('sw-lab .bar-text')).toHaveCount(8)
  expect(trouble).toEqual([])
})

test('kill the boss, by keyboard from the question in the prose; what is done is kept, saved, forgotten and loaded again', async ({
  page,
}) => {
  await openChapter(page, 'restarts')
  const card = page.locator('#ask-boss')
  await expect(card.locator('legend')).toContainText('Does the next curl succeed?')
  await card.locator('input').first().focus()
  await page.keyboard.press('Space')
  await card.locator('.settle').focus()
  await page.keyboard.press('Enter')
  await expect(card.locator('[role="status"]')).toContainText('The machine says: Yes, it is answered.', {
    timeout: 120_000,
  })
  await expect(page.locator('sw-lab [data-task="boss"]')).toContainText('✓')

  await page.reload()
  await openChapter(page, 'restarts')
  await expect(page.locator('sw-lab .task-foot')).toContainText('1 of ')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as a file' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('server-workers-progress.json')
  await page.getByRole('button', { name: 'Forget everything' }).click()
  const foot = page.locator('sw-lab .task-foot')
  await expect(foot).toContainText('0 of ')

  const takeIn = async (files: Parameters<FileChooser['setFiles']>[0]): Promise<void> => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Load from a file' }).click()
    await (await chooser).setFiles(files)
  }
  await takeIn({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"done": 3}') })
  await expect(foot).toContainText('“notes.json” holds no progress.')
  await expect(foot).toContainText('0 of ')
  await takeIn(await file.path())
  await expect(foot).toContainText('1 task loaded.')
  await expect(foot).toContainText('1 of ')
  const tooMany = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`other/t${index}`, 'x']))
  const strange = JSON.stringify({ version: 1, done: tooMany })
  await takeIn({ name: 'many.json', mimeType: 'application/json', buffer: Buffer.from(strange) })
  await expect(foot).toContainText('“many.json” holds no progress.')
  await expect(foot).toContainText('1 of ')
})

test('a checkpoint: three hints, a solution to watch that does not count, and a way of one’s own that does', async ({
  page,
}) => {
  await openChapter(page, 'gunicorn')
  await page.locator('sw-lab [data-task="fifth"]').click()
  for (const number of [1, 2, 3]) {
    await page
      .locator('sw-lab')
      .getByRole('button', { name: `Hint ${number} of 3` })
      .click()
    await expect(page.locator('sw-lab .hints li')).toHaveCount(number)
  }
  await page.locator('sw-lab').getByRole('button', { name: 'Watch a solution' }).click()
  await expect(status(page)).toContainText('That was one solution.', { timeout: 120_000 })
  await expect(page.locator('sw-lab .conditions:not(.strip) .met')).toHaveCount(5)
  await expect(page.locator('sw-lab .task-foot')).toContainText('0 of ')

  await page.locator('sw-lab').getByRole('button', { name: 'Do it yourself, afresh' }).click()
  await expect(status(page)).toHaveText('Not reached yet.')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForFunction(
    () =>
      document
        .querySelector('sw-lab')
        ?.machine?.kernel.trace.filter((event) => event.type === 'phase' && event.phase === 'serving')
        .length === 4,
  )
  await page.locator('sw-lab [data-control="ttin"]').click()
  await expect(page.locator('sw-lab .task-do [role="status"]')).toContainText('Reached.', {
    timeout: 120_000,
  })
  await expect(page.locator('sw-lab .task-foot')).toContainText('1 of ')
})

for (const { id } of inTurn('labs for axe', SCENARIOS, 1 / 4)) {
  every(
    `${id}: the lab has nothing that axe minds, wide and narrow, and a picture of it is kept`,
    async ({ page }, info) => {
      const chapter = id
      for (const [width, scheme] of [
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme: scheme })
        await openChapter(page, chapter)
        await page.locator('sw-lab .task-list button').last().click()
        const found = await new AxeBuilder({ page }).include('sw-lab').analyze()
        expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
        const path = info.outputPath(`${id}-${width}-${scheme}.png`)
        await page.locator('sw-lab').screenshot({ path })
        await info.attach(`${id} ${width} ${scheme}`, { path, contentType: 'image/png' })
        // Nothing is wider than the page.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
    },
  )
}
