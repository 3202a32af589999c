/** Small figures: they cost nothing until they are touched, play a run of the machine, and their control changes the number. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { FIGURES } from '../../src/figures/all/index.ts'
import { valuesOf, type Figure } from '../../src/figures/figure.ts'
import { languages, watch } from './lab-page.ts'
import { inTurn } from '../setup/seed.ts'

const figures: readonly Figure[] = FIGURES

async function open(page: Page, { id, chapter }: Figure, folder = ''): Promise<Locator> {
  await page.goto(`${folder}${chapter}/`)
  const figure = page.locator(`sw-figure[data-figure=${id}]`)
  await figure.scrollIntoViewIfNeeded()
  return figure
}

/** What its picture shows, as markup. */
const drawn = (figure: Locator): Promise<string> => figure.locator('svg').innerHTML()
const bars = (figure: Locator): Promise<number> => figure.locator('svg .bar').count()

async function choose(figure: Locator, { control }: Figure, value: string): Promise<void> {
  if (control.kind === 'range') await figure.locator('input[type=range]').fill(value)
  else await figure.locator(`input[value=${value}]`).check()
}

for (const figure of inTurn('small figures', figures, 1 / 2)) {
  const [{ folder, lang }] = inTurn(
    `the language of the figure ${figure.id}`,
    languages,
    1 / languages.length,
  ) as [(typeof languages)[number]]
  test(`${figure.id}, ${lang}: plays from the beginning to the end that it showed, and its control changes the number`, async ({
    page,
    baseURL,
  }) => {
    const trouble = watch(page, baseURL)
    const shown = await open(page, figure, folder)
    const end = await drawn(shown)
    await page.clock.install()
    await shown.locator('[data-play]').click()
    await expect.poll(() => shown.locator('svg .hand').count()).toBe(1)
    expect(await drawn(shown)).not.toBe(end)
    await page.clock.runFor(10_000)
    await expect.poll(() => drawn(shown)).toBe(end)

    const first = shown.locator('[data-measure]').first()
    const numbers = new Set([await first.textContent()])
    for (const value of valuesOf(figure.control).filter((each) => each !== figure.control.first)) {
      const before = await drawn(shown)
      await choose(shown, figure, value)
      await expect.poll(() => drawn(shown)).not.toBe(before)
      numbers.add(await first.textContent())
    }
    expect(numbers.size).toBeGreaterThan(1)
    expect(trouble).toEqual([])
  })
}

test("a figure's code is fetched when it is touched, and not before", async ({ page }) => {
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  const shown = await open(page, figures[0]!)
  await page.waitForLoadState('networkidle')
  expect(fetched.filter((url) => url.includes('sw-figure'))).toEqual([])
  await shown.locator('[data-play]').focus()
  await expect.poll(() => fetched.filter((url) => url.includes('sw-figure')).length).toBe(1)
})

test('with reduced motion the button goes on by one step, and nothing moves by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const shown = await open(page, figures[0]!)
  const all = await bars(shown)
  const button = shown.locator('[data-play]')
  const counts: number[] = []
  let last = await drawn(shown)
  for (let step = 0; step < 10; step++) {
    await button.click()
    await expect.poll(() => drawn(shown)).not.toBe(last)
    last = await drawn(shown)
    counts.push(await bars(shown))
  }
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(counts[0]).toBeLessThan(all)
  expect(counts.at(-1)).toBe(all)
  await expect(button).toHaveText('Next step')
})

test('without JavaScript a figure shows the end of a run, and no control', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) })
  const page = await context.newPage()
  const shown = await open(page, figures[0]!)
  expect(await bars(shown)).toBeGreaterThan(5)
  await expect(shown.locator('[data-play]')).toBeHidden()
  await context.close()
})
