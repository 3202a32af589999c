/** Every question is answered, each wrong answer first; every checkpoint is reached after every other task of its chapter. */
import { expect, test, type Page } from '@playwright/test'
import { SCENARIOS, type Prediction, type Step } from '../../simulator/scenario/index.ts'
import { alwaysInTurn, inTurn } from '../setup/seed.ts'
import { ANSWERS } from '../unit/scenario/answers.ts'
import { openChapter } from './lab-page.ts'

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 800, height: 600 } })
test.setTimeout(600_000)

const length = (steps: readonly Step[]): number => steps.reduce((sum, { after }) => sum + after, 0)
const status = (page: Page) => page.locator('sw-lab .task-do [role="status"]')
/** The highlighted ones of all buttons of the lab. */
const highlighted = (page: Page) => page.locator('sw-lab .primary:not([aria-disabled="true"])')

const openTask = (page: Page, id: string) => page.locator(`sw-lab .task-list [data-task="${id}"]`).click()

/** Passes this many virtual ms of what is being played as fast as the browser can. */
async function pass(page: Page, ms: number): Promise<void> {
  await page.evaluate(async (ms) => {
    await document.querySelector('sw-lab')?.machine?.pace.skip(ms)
  }, ms)
}

/** Answers the question that is open, and lets the machine settle it. */
async function answer(page: Page, { steps, settle, seeds = [0], choices }: Prediction, choice: string) {
  const run = page.locator('sw-lab .settle')
  await page
    .locator('sw-lab .task input')
    .nth(choices.findIndex(({ id }) => id === choice))
    .check()
  for (const [index] of seeds.entries()) {
    await expect(highlighted(page)).toHaveCount(1)
    await expect(highlighted(page)).toHaveClass(/settle/)
    await run.click()
    await expect(status(page)).toContainText('Watch the machine')
    await pass(page, length(steps) + settle + 1)
    if (index < seeds.length - 1) await expect(run).toHaveText('The same on another day')
  }
  await expect(page.locator('sw-lab .verdict')).toBeVisible()
}

const questions = SCENARIOS.flatMap((lab) => lab.predictions.map((prediction) => ({ lab, prediction })))

for (const { lab, prediction } of inTurn('questions answered in the page', questions, 1 / 13)) {
  const { id, choices } = prediction
  const truth = ANSWERS[`${lab.id}/${id}`] ?? ''
  test(`${lab.id}/${id}: every wrong answer is told so, then the right one is`, async ({ page }) => {
    await openChapter(page, lab.id)
    await openTask(page, id)
    const wrong = choices.map((choice) => choice.id).filter((choice) => choice !== truth)
    for (const choice of [...wrong, truth]) {
      await answer(page, prediction, choice)
      const verdict = page.locator('sw-lab .verdict')
      await expect(verdict).toHaveClass(choice === truth ? 'verdict right' : 'verdict wrong')
      await expect(verdict).toHaveText(
        choice === truth ? '✓ As you said.' : '✗ No: the machine did something else.',
      )
      await expect(status(page)).toContainText('The machine says: ')
      await expect(highlighted(page)).toHaveCount(1)
      await expect(highlighted(page)).toHaveText(/^\s*Next/)
      if (choice !== truth) await page.locator('sw-lab').getByRole('button', { name: 'Ask again' }).click()
    }
    await expect(page.locator(`sw-lab [data-task="${id}"]`)).toContainText('✓')
  })
}

const checkpoints = SCENARIOS.flatMap((lab) => lab.checkpoints.map((checkpoint) => ({ lab, checkpoint })))

for (const { lab, checkpoint } of inTurn('checkpoints reached in the page', checkpoints, 1 / 13)) {
  const { id, solution } = checkpoint
  test(`${lab.id}/${id}: its solution reaches it, whatever was done before`, async ({ page }) => {
    await openChapter(page, lab.id)
    const reach = async () => {
      await openTask(page, id)
      await expect(page.locator('sw-lab .conditions .lost')).toHaveCount(0)
      const hint = page.locator('sw-lab').getByRole('button', { name: /^Hint/ })
      while (await hint.isVisible()) await hint.click()
      await page.locator('sw-lab').getByRole('button', { name: 'Watch a solution' }).click()
      await expect(status(page)).toContainText('This is a solution being played')
      await pass(page, length(solution) + 1)
      await expect(status(page)).toContainText('That was one solution.')
      await expect(page.locator('sw-lab .conditions li:not(.met)')).toHaveCount(0)
      await expect(highlighted(page)).toHaveText(/Do it yourself/)
      await expect(page.locator(`sw-lab .task-list [data-task="${id}"]`)).not.toContainText('✓')
    }
    await reach()
    const others = [
      ...lab.predictions.map((prediction) => ({ ...prediction, prediction })),
      ...lab.checkpoints.map((checkpoint) => ({ ...checkpoint, prediction: undefined })),
    ].filter((task) => task.id !== id)
    // A full run plays all of them on the virtual host (test/unit/lab/orders.test.ts).
    for (const before of alwaysInTurn(`tasks before ${lab.id}/${id}`, others, 0.25, 1 / 3)) {
      await openTask(page, before.id)
      if (before.prediction !== undefined)
        await answer(page, before.prediction, before.prediction.choices[0]?.id ?? '')
      else {
        const hint = page.locator('sw-lab').getByRole('button', { name: /^Hint/ })
        while (await hint.isVisible()) await hint.click()
        await page.locator('sw-lab').getByRole('button', { name: 'Watch a solution' }).click()
        await expect(status(page)).toContainText('This is a solution being played')
      }
      await reach()
    }
  })
}

test('ten minutes away, by the clock of the wall: settled within half a minute', async ({ page }) => {
  await openChapter(page, 'restarts')
  await openTask(page, 'systemd-limit')
  await page.locator('sw-lab').getByRole('radio', { name: 'No.', exact: true }).check()
  await page.locator('sw-lab .settle').click()
  await expect(page.locator('sw-lab .verdict')).toHaveText('✓ As you said.', { timeout: 30_000 })
})

test('a solution with a reboot, by the clock of the wall: shown within 20 s', async ({ page }) => {
  await openChapter(page, 'startup')
  await openTask(page, 'reboot')
  for (const number of [1, 2, 3])
    await page
      .locator('sw-lab')
      .getByRole('button', { name: `Hint ${number} of 3` })
      .click()
  await page.locator('sw-lab').getByRole('button', { name: 'Watch a solution' }).click()
  await expect(status(page)).toContainText('That was one solution.', { timeout: 20_000 })
  await expect(page.locator('sw-lab .conditions li:not(.met)')).toHaveCount(0)
})
