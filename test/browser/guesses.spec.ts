/** Ten minutes under five policies: guessed first, then shown; and which layout deals evenly, by the machine in the page. */
import { expect, type Page } from '@playwright/test'
import { watch } from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('guesses', 1 / 3)

test('guesses stand beside what the machine did; where nothing was guessed, nothing stands', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await page.goto('restarts/')
  const guesses = page.locator('sw-guesses')
  await expect(guesses.locator('figure')).toBeHidden()
  await guesses.getByLabel('Your guess: Kubernetes, one process in a pod').fill('12')
  await page.keyboard.press('Enter')
  await expect(guesses.locator('figure')).toBeVisible()
  await expect(guesses.locator('summary')).toBeFocused()
  await expect(guesses.getByText('you: 12')).toBeVisible()
  await expect(guesses.locator('.guess:visible')).toHaveCount(1)
  await expect(guesses.locator('.policy', { hasText: 'Kubernetes' })).toContainText('7 starts')
  expect(trouble).toEqual([])
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })
  test('the drawing can be opened, and nothing is asked', async ({ page }) => {
    await page.goto('restarts/')
    await expect(page.locator('sw-guesses form')).toBeHidden()
    await page.locator('sw-guesses summary').click()
    await expect(page.locator('sw-guesses figure')).toBeVisible()
  })
})

async function answer(page: Page, task: string, choice: string): Promise<void> {
  await page.goto('replication/')
  const card = page.locator(`#ask-${task}`)
  await card.getByRole('radio', { name: choice }).check()
  // A reader who stirs has the lab, and with it the answer.
  await card.locator('.settle.primary').click()
  await expect(card.locator('.verdict')).toHaveText('✓ As you said.', { timeout: 120_000 })
  await page.locator('sw-lab [data-dock="open"]').click()
}

test('a load balancer deals in turns, four servers on one port do not', async ({ page, baseURL }) => {
  test.setTimeout(300_000)
  const trouble = watch(page, baseURL)
  await answer(page, 'in-turns', 'Yes, exactly ten each.')
  await expect(page.locator('sw-lab svg .socket').first()).toContainText(':80')
  await expect(page.locator('sw-lab svg .socket').last()).toContainText(':8001–8004')
  await answer(page, 'reuse-port', 'It depends on chance')
  expect(trouble).toEqual([])
})
