/** The playground for everyone: keyboard traps, phones, screen readers, themes, languages; and what it weighs. */
import { brotliCompressSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import { expect, test as every, type Page } from '@playwright/test'
import { inTurn } from '../setup/seed.ts'
import {
  isServing,
  openPlayground,
  ready,
  sessionOf,
  terminalText,
  traceOf,
  unfold,
  waitFor,
} from './playground-page.ts'
import { settled } from './settled.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the playground for readers of every kind', 1 / 3)

test.describe.configure({ timeout: 120_000 })

const languages = [
  { folder: '', start: 'Start', pause: 'Pause', lang: 'en' },
  { folder: 'zh-cn/', start: '启动', pause: '暂停', lang: 'zh-CN' },
  { folder: 'ko/', start: '시작', pause: '일시 정지', lang: 'ko' },
] as const

const looks = languages.flatMap((language) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ ...language, colorScheme })),
)
for (const { folder, start, pause, lang, colorScheme } of inTurn(
  'looks of the playground for axe',
  looks,
  1 / 6,
)) {
  every(`axe finds nothing: ${lang}, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await openPlayground(page, folder)
    await page.getByRole('button', { name: start, exact: true }).click()
    await waitFor(page, isServing)
    await page.getByRole('button', { name: pause, exact: true }).click()
    for (const kind of ['application', 'settings', 'figures-panel', 'own']) await unfold(page, kind)
    await expect(page.locator('sw-playground .cm-content')).toHaveCount(2)
    await expect(page.locator('sw-playground .plot canvas')).toHaveCount(4)
    await page.locator('sw-playground .thing').first().click()
    // And as one looks back: to half of what has passed, however quickly it was paused.
    const bar = page.locator('sw-playground .moment input')
    await bar.fill(String(Math.floor(Number(await bar.getAttribute('max')) / 2)))
    await expect(page.locator('sw-playground .looks-back')).toBeVisible()
    await settled(page)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([])
  })
}

test('no word of the interface is missing or left in English', async ({ page }) => {
  await openPlayground(page, 'ko/')
  const text = await page.locator('sw-playground .lab').innerText()
  expect(text).not.toContain('undefined')
  expect(text).not.toMatch(/\b(Pause|Settings|Figures|Looking back|The application)\b/)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true })

  test('a session with taps: a chip, the key row, a kill, looking back', async ({ page }) => {
    await openPlayground(page)
    const line = page.getByRole('textbox', { name: 'Command for the server terminal' })
    await page.getByRole('list', { name: 'Commands to put into the line' }).getByRole('button').first().tap()
    await expect(line).toHaveValue(/^uvicorn main:app/)
    await page.getByRole('button', { name: 'Run', exact: true }).tap()
    await waitFor(page, isServing)
    await page
      .getByRole('button', { name: /^Kill worker/ })
      .first()
      .tap()
    await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
    expect(await width(page)).toBeLessThanOrEqual(390)
    await page.getByRole('button', { name: 'Event before' }).tap()
    await expect(page.getByRole('button', { name: 'Go on from here' })).toBeVisible()
    expect(await width(page)).toBeLessThanOrEqual(390)
    await page.getByRole('button', { name: 'Back to now' }).tap()
    await page.getByRole('button', { name: 'Ctrl+C: stop what runs in this terminal' }).tap()
    await waitFor(page, ({ server }) => server?.until !== undefined)
    expect(await terminalText(page, 'server')).toContain('^C')
  })

  test('what is tapped is large enough', async ({ page }) => {
    await openPlayground(page)
    await page.getByRole('button', { name: 'Start', exact: true }).tap()
    await waitFor(page, isServing)
    for (const kind of ['application', 'settings', 'figures-panel', 'own']) await unfold(page, kind)
    await page.locator('sw-playground .thing').first().tap()
    const small = await page
      .locator('sw-playground :is(button:not(.skip), select, summary):visible')
      .evaluateAll((all) =>
        all
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          // What lies over the picture's labels is there for those who point; 24 px is the least for all.
          .filter(
            ({ element, box }) => box.height < (element.matches('.thing, .numbers > summary') ? 24 : 44),
          )
          .map(({ element, box }) => `${element.className} ${element.textContent?.trim()} ${box.height}`),
      )
    expect(small).toEqual([])
    expect(await width(page)).toBeLessThanOrEqual(390)
  })
})

/** How wide the page is: wider than the screen, and it scrolls sideways. */
function width(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

test('with reduced motion it is stepped, and still comes to an end', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  const drawn = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const stage = document.querySelector('sw-playground')?.shadowRoot?.querySelector('.stage svg')
        let changes = 0
        const watch = new MutationObserver(() => (changes += 1))
        if (stage != null) watch.observe(stage, { attributes: true, subtree: true })
        setTimeout(() => resolve(changes), 1200)
      }),
  )
  // At most three drawings in that time, each with its changes in one report.
  expect(drawn).toBeLessThanOrEqual(3)
})

test('what happens is said politely, in a sentence', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  await expect(page.locator('sw-playground .say [role=status]')).toContainText('4 workers serve.')
  await expect(page.locator('sw-playground .stage svg').first()).toHaveAttribute(
    'aria-label',
    /Row 1: worker \d+, serving/,
  )
})

/** What JavaScript a page loads, in bytes as a host with brotli sends them. */
async function weigh(page: Page, open: () => Promise<void>): Promise<{ names: string[]; bytes: number }> {
  const scripts = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    if (response.ok() && response.url().endsWith('.js')) scripts.set(response.url(), response.body())
  })
  await open()
  const bodies = await Promise.all(scripts.values())
  return {
    names: [...scripts.keys()],
    bytes: bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0),
  }
}

test('the playground stays light, the plots included, beside the editor', async ({ page }) => {
  const { bytes, names } = await weigh(page, async () => {
    await openPlayground(page)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await waitFor(page, isServing)
    for (const kind of ['settings', 'figures-panel', 'own']) await unfold(page, kind)
    await expect(page.locator('sw-playground .plot canvas')).toHaveCount(4)
    await page.locator('sw-playground .thing').first().click()
  })
  expect(names.filter((name) => /editor|ui-core/.test(name))).toEqual([])
  expect(names.filter((name) => name.includes('plots'))).toHaveLength(1)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThanOrEqual(250 * 1024)
})

test('what few sessions use is loaded when it is used', async ({ page }) => {
  const { names } = await weigh(page, async () => {
    await openPlayground(page)
    await page.locator('sw-playground .xterm-helper-textarea').first().focus()
    await page.keyboard.type('pstree\n')
    await expect.poll(() => terminalText(page, 'server')).toContain('bash')
  })
  expect(names.filter((name) => name.includes('/tree.'))).toHaveLength(1)
  expect(names.filter((name) => /docker|systemctl|lexer/.test(name))).toEqual([])
})

test('a page without a lab loads none of it', async ({ page, context }) => {
  const playground = await weigh(page, () => openPlayground(page))
  const other = await context.newPage()
  const about = await weigh(other, async () => {
    await other.goto('about/', { waitUntil: 'networkidle' })
  })
  expect(about.bytes).toBeGreaterThan(0)
  const ofThePlayground = playground.names.filter((name) => !about.names.includes(name))
  expect(ofThePlayground.length).toBeGreaterThan(1)
  expect(about.bytes).toBeLessThan(playground.bytes / 5)
})

test('opening and restoring in another language keeps the session', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  await page.getByRole('button', { name: 'Pause' }).click()
  const { inputs } = await sessionOf(page)
  const before = await traceOf(page)
  await openPlayground(page, 'zh-cn/')
  await ready(page)
  expect((await sessionOf(page)).inputs.slice(0, inputs.length)).toEqual(inputs)
  expect((await traceOf(page)).slice(0, before.length)).toEqual(before)
})
