/** The lab for readers with a keyboard, a screen reader, a phone, little patience for motion, or no JavaScript. */
import AxeBuilder from '@axe-core/playwright'
import { expect, test as every, type Page } from '@playwright/test'
import { currentProcess } from '../../simulator/machine/view/index.ts'
import { inTurn } from '../setup/seed.ts'
import { languages, openLab, pictureOf, terminalText, traceOf, typeInto, waitFor, watch } from './lab-page.ts'
import { settled } from './settled.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the lab for readers of every kind', 1 / 3)

/** The name of the focused element, inside the lab or in the page. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const inside = document.querySelector('sw-lab')?.shadowRoot?.activeElement
    const element = inside ?? document.activeElement
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? ''
    return `${inside == null ? 'page' : 'lab'} ${element?.localName ?? ''} ${name.trim().replaceAll(/\s+/g, ' ')}`
  })
}

/** Presses Tab until the focused element has this name. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (name.test(await focused(page))) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never led to ${name}; now at ${await focused(page)}`)
}

test('a keyboard is enough: start, kill, type, leave', async ({ page, baseURL }) => {
  const trouble = watch(page, baseURL)
  await openLab(page)
  await page.locator('h1').click()
  await tabTo(page, /lab button .*Start/)
  await page.keyboard.press('Enter')
  const before = await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const victim = currentProcess(before.slots[2]!)!.pid
  await tabTo(page, new RegExp(`Kill worker ${victim}`))
  await page.keyboard.press('Space')
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')

  // The row has another worker now, and the focus is still on its button.
  expect(await focused(page)).toMatch(/lab button Kill worker 27\d+/)
  await tabTo(page, /^lab textarea Command for the client terminal/)
  await page.keyboard.type('pgrep -P 27365\n')
  await expect.poll(() => terminalText(page, 'client')).toContain('\n27366\n')

  await tabTo(page, /^lab textarea Command for the server terminal/, 'Shift+Tab')
  await page.keyboard.press('Control+c')
  await waitFor(page, ({ server }) => server?.until !== undefined)
  expect(trouble).toEqual([])
})

test('the terminal is no trap', async ({ page }) => {
  await openLab(page)
  const inServer = /^lab textarea Command for the server terminal/
  await typeInto(page, 'server', '')
  expect(await focused(page)).toMatch(inServer)
  // An empty line has nothing to complete: Tab moves the focus on, and Shift+Tab back, as everywhere.
  await page.keyboard.press('Tab')
  expect(await focused(page)).not.toMatch(inServer)
  await page.keyboard.press('Shift+Tab')
  expect(await focused(page)).toMatch(inServer)
  await page.keyboard.press('Shift+Tab')
  expect(await focused(page)).not.toMatch(inServer)

  // With something typed, Tab completes ...
  await page.keyboard.press('Tab')
  await page.keyboard.type('uvi')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toMatch(inServer)
  await expect.poll(() => terminalText(page, 'server')).toContain('$ uvicorn')
  // ... but after Escape it leaves,
  await page.keyboard.press('Escape')
  await expect(page.locator('sw-lab .hint')).toHaveText('Tab leaves the terminal now.')
  await page.keyboard.press('Tab')
  expect(await focused(page)).not.toMatch(inServer)
  // and Ctrl+M turns completing off and on.
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Control+m')
  await expect(page.locator('sw-lab .hint')).toContainText('Tab now moves the focus.')
  await page.keyboard.press('Tab')
  expect(await focused(page)).not.toMatch(inServer)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Control+m')
  await page.keyboard.type('m')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toMatch(inServer)
})

test('the lab and its terminals can be skipped', async ({ page }) => {
  await openLab(page)
  await page.getByRole('button', { name: 'Skip the terminals' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('lab a How this is checked')
  await page.getByRole('button', { name: 'Skip the lab' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toMatch(/^page /)
})

test('Ctrl+C copies what is selected, and interrupts when nothing is', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openLab(page)
  await typeInto(page, 'client', 'sleep 60\n')
  const screen = page.locator('sw-lab #pane-client .xterm-screen')
  await screen.dblclick({ position: { x: 36, y: 8 } })
  await page.keyboard.press('Control+c')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('sleep')
  expect(await terminalText(page, 'client')).not.toContain('^C')
  await page.keyboard.press('Escape')
  await screen.click({ position: { x: 200, y: 100 } })
  await page.keyboard.press('Control+c')
  await expect.poll(() => terminalText(page, 'client')).toContain('^C\n$')
})

test('pasted lines are shown before they run', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openLab(page)
  await page.evaluate(() => navigator.clipboard.writeText('$ echo one\n$ echo two\n'))
  await typeInto(page, 'client', '')
  await page.keyboard.press('Control+v')
  await expect.poll(() => terminalText(page, 'client')).toBe('$ echo one\necho two')
  await page.keyboard.press('Enter')
  await expect.poll(() => terminalText(page, 'client')).toBe('$ echo one\necho two\none\ntwo\n$')
})

test('a line longer than the terminal can be edited in its middle, with wide characters', async ({
  page,
}) => {
  await openLab(page)
  const long = `echo ${'你好 worker '.repeat(8)}end`
  await typeInto(page, 'client', long)
  await page.keyboard.press('Home')
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press('ArrowRight')
  await page.keyboard.type('安녕 ')
  const expected = `echo 安녕 ${'你好 worker '.repeat(8)}end`
  await expect
    .poll(async () => (await terminalText(page, 'client')).replaceAll('\n', ''))
    .toBe(`$ ${expected}`)
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await terminalText(page, 'client')).replaceAll('\n', ''))
    .toBe(`$ ${expected}${expected.slice(5)}$`)
})

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, width })),
)
for (const { colorScheme, width } of inTurn('looks of a lab for axe', looks, 1 / 4)) {
  every(`axe finds nothing, and nothing scrolls sideways: ${colorScheme}, ${width} px`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    const check = async (when: string, where = 'sw-lab') => {
      await settled(page)
      const { violations } = await new AxeBuilder({ page }).include(where).analyze()
      expect(violations.map(({ id, nodes }) => [when, id, nodes.map(({ target }) => target)])).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
    await openLab(page)
    await check('at first', 'html')
    await page.getByRole('button', { name: 'Start' }).click()
    const { slots } = await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    await page.getByRole('button', { name: `Kill worker ${currentProcess(slots[0]!)!.pid}` }).click()
    await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
    await page.getByRole('button', { name: 'Pause' }).click()
    await check('after a death')
    await page.getByRole('tab', { name: 'main.js' }).click()
    await check('with a file')
    await page.getByRole('tab', { name: 'main.py' }).click()
    await check('with the other file')
  })
}

for (const { folder, lang } of languages) {
  test(`${lang}: nothing scrolls sideways between 320 and 1600 px`, async ({ page }) => {
    await openLab(page, folder)
    await page.locator('sw-lab [data-run="start"]').click()
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    for (const width of [320, 390, 600, 768, 1024, 1280, 1600]) {
      await page.setViewportSize({ width, height: 900 })
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `${width} px` })
        .toBeLessThanOrEqual(width)
      const lab = page.locator('sw-lab')
      const inner = await lab.evaluate((element) =>
        [...element.shadowRoot!.querySelectorAll('.stage, .bar, .tabs')].map(
          (part) => part.scrollWidth - part.clientWidth,
        ),
      )
      expect(Math.max(...inner), `${width} px`).toBeLessThanOrEqual(1)
    }
  })
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('a real input takes the line, with keys and commands to tap', async ({ page, baseURL }) => {
    const trouble = watch(page, baseURL)
    await openLab(page)
    await page.getByRole('button', { name: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4' }).tap()
    const server = page.getByRole('textbox', { name: 'Command for the server terminal' })
    await expect(server).toHaveValue('uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4')
    expect(await pictureOf(page)).toMatchObject({ server: undefined })
    await page.getByRole('button', { name: 'Run', exact: true }).tap()
    await expect(server).toHaveValue('')
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')

    await page.getByRole('tab', { name: 'client' }).tap()
    const client = page.getByRole('textbox', { name: 'Command for the client terminal' })
    await client.fill('cur')
    await page.getByRole('button', { name: 'Tab: complete the word' }).tap()
    await expect(client).toHaveValue('curl ')
    await client.fill('curl http://127.0.0.1:8080/')
    await client.press('Enter')
    await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":273\d\d\}/)
    await page.getByRole('button', { name: 'Earlier command', exact: true }).tap()
    await expect(client).toHaveValue('curl http://127.0.0.1:8080/')

    await page
      .getByRole('button', { name: /^Kill worker/ })
      .first()
      .tap()
    await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
    await page.getByRole('tab', { name: 'server' }).tap()
    await page.getByRole('button', { name: /^Ctrl\+C/ }).tap()
    await waitFor(page, ({ server }) => server?.until !== undefined)
    expect(trouble).toEqual([])
  })

  test('what can be tapped is 44 px high and wide', async ({ page }) => {
    await openLab(page)
    await page.getByRole('button', { name: 'Start' }).tap()
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    const small = await page.locator('sw-lab').evaluate((lab) =>
      [...lab.shadowRoot!.querySelectorAll('button:not(.skip), select, input[type=text]')]
        .map((element) => ({ text: element.textContent.trim(), box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
        .map(({ text, box }) => `${text} ${box.width}x${box.height}`),
    )
    expect(small).toEqual([])
  })
})

test('with reduced motion the picture is drawn in steps', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ counts }) => counts.answered > 3)
  const drawn = await page.locator('sw-lab').evaluate(
    (lab) =>
      new Promise<number>((done) => {
        let changes = 0
        const watching = new MutationObserver(() => changes++)
        watching.observe(lab.shadowRoot!.querySelector('.hand')!, { attributes: true })
        setTimeout(() => done(changes), 2100)
      }),
  )
  expect(drawn).toBeGreaterThan(0)
  expect(drawn).toBeLessThanOrEqual(6)
})

test('screen reader mode puts the rows into the page, and is remembered', async ({ page }) => {
  await openLab(page)
  await page.getByRole('checkbox', { name: 'Screen reader mode' }).check()
  await typeInto(page, 'client', 'echo for everybody\n')
  await expect(page.locator('sw-lab #pane-client .xterm-accessibility')).toContainText('for everybody')
  await openLab(page)
  await expect(page.getByRole('checkbox', { name: 'Screen reader mode' })).toBeChecked()
})

test('the picture says in words what it shows', async ({ page }) => {
  await openLab(page)
  const picture = page.locator('sw-lab svg[role=img]')
  await expect(picture).toHaveAttribute('aria-label', /No server runs\.$/)
  await typeInto(page, 'server', 'uvicorn main:app --workers 2\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  await expect(picture).toHaveAttribute(
    'aria-label',
    /Parent 27365: watches\. Row 1: worker 27367, serving, 0 open\. Row 2: worker 27368, serving, 0 open\. Port 8000: 0 waiting\./,
  )
  expect((await traceOf(page)).length).toBeGreaterThan(10)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a true transcript stands in the place of the lab', async ({ page }) => {
    await page.goto('server-workers/')
    await expect(page.locator('sw-lab')).toContainText('Started parent process')
    await expect(page.locator('sw-lab')).toContainText('died')
  })
})
