/** The prose and its lab. */
import { expect, type Locator, type Page } from '@playwright/test'
import { languages, openLab, pictureOf, terminalText, typeInto, waitFor, watch } from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of a chapter', 1 / 3)

/** Whether any of the lab lies over an element of the text. */
async function coveredBy(page: Page, element: Locator): Promise<boolean> {
  const [lab, box] = [await page.locator('sw-lab').boundingBox(), await element.boundingBox()]
  if (lab === null || box === null) throw new Error('Expected the lab and the element to have a place.')
  return lab.y < box.y + box.height && box.y < lab.y + lab.height && lab.x < box.x + box.width
}

for (const { folder, lang } of languages) {
  test(`${lang}: a command of the prose runs in the lab on a click, and there is a way back`, async ({
    page,
    baseURL,
  }) => {
    const trouble = watch(page, baseURL)
    await openLab(page, folder)
    const block = page.locator('sw-command', { hasText: 'fastapi run --workers 4 main.py' }).first()
    await block.locator('[data-try]').click()
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    expect(await terminalText(page, 'server')).toMatch(/^\$ fastapi run --workers 4 main\.py/)
    await expect(page.locator('sw-lab .stage')).toBeInViewport()
    // The command stays in sight above it, with the keyboard on it.
    await expect(block.locator('[data-try]')).toBeFocused()
    expect(await coveredBy(page, block)).toBe(false)

    const ask = page.locator('sw-command', { hasText: 'curl http://127.0.0.1:8000/' }).first()
    await ask.locator('[data-try]').click()
    await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":273\d\d\}/)
    await page.locator('sw-lab [data-dock-back]').click()
    await expect(ask.locator('[data-try]')).toBeFocused()
    await expect(ask).toBeInViewport()
    await expect(page.locator('sw-lab .terminals')).toBeHidden()
    expect(trouble).toEqual([])
  })
}

test('a command for a terminal that a server holds: the note stands in view, stops the server, and runs what waits', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const block = page.locator('sw-command', { hasText: 'fastapi run --workers 4 main.py' }).first()
  await block.locator('[data-try]').click()
  const hint = page.locator('sw-lab .hint')
  await expect(hint).toContainText('The server holds this terminal')
  await hint.getByRole('button', { name: 'Stop it and run' }).click()
  await expect
    .poll(() => terminalText(page, 'server'))
    .toMatch(/\$ fastapi run --workers 4 main\.py\n[^]*Started/)
  await expect(hint).toBeHidden()
})

test("after a question the text's own commands work: the machine goes on, and is set up for the section when it is another's", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLab(page)
  const card = page.locator('#ask-next-ten')
  await card.getByRole('radio', { name: 'None.' }).check()
  await card.locator('.settle').click()
  await expect(card.locator('.verdict')).toBeVisible({ timeout: 60_000 })
  await page.locator('sw-command', { hasText: 'kill -9 PID' }).first().locator('[data-try]').click()
  const { slots } = await pictureOf(page)
  await page.keyboard.type(`${slots[0]!.lives.at(-1)!.pid}\n`)
  await waitFor(page, ({ slots }) => slots[0]!.lives.length === 2)
  await page
    .locator('sw-command', { hasText: 'curl http://127.0.0.1:8000/' })
    .first()
    .locator('[data-try]')
    .click()
  await page.locator('sw-lab .hint').getByRole('button', { name: 'Set up for this section and run' }).click()
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":\d+\}/)
})

test("a machine that runs something else is set up for the command's section, if the reader wishes", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const ask = page.locator('sw-command', { hasText: 'curl http://127.0.0.1:8000/' }).first()
  await ask.locator('[data-try]').click()
  const hint = page.locator('sw-lab .hint')
  await expect(hint).toContainText('nothing listens on port 8000')
  await expect(hint.locator('.primary')).toBeInViewport()
  await hint.getByRole('button', { name: 'Run it all the same' }).click()
  await expect.poll(() => terminalText(page, 'client')).toContain('Failed to connect')
  await ask.locator('[data-try]').click()
  await hint.getByRole('button', { name: 'Set up for this section and run' }).click()
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":\d+\}/)
  expect(await terminalText(page, 'server')).toMatch(/^\$ fastapi run --workers 4 main\.py/)
})

test('time that the reader has stopped goes on when the note beside the terminal says so', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLab(page)
  await page.locator('sw-lab [data-run="start"]').click()
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  await page.locator('sw-lab [data-run="pause"]').click()
  await page.locator('sw-lab #tab-client').click()
  await typeInto(page, 'client', 'echo $((40+2))\n')
  const resume = page.locator('sw-lab .hint').getByRole('button', { name: 'Resume' })
  await expect(resume).toBeInViewport()
  await resume.click()
  await expect.poll(() => terminalText(page, 'client')).toMatch(/^42$/m)
  await expect(resume).toBeHidden()
})

test('a command sent before the lab is there arrives, and one that is not whole waits to be finished', async ({
  page,
}) => {
  await page.goto('server-workers/')
  await page.locator('sw-command', { hasText: 'kill -9 PID' }).first().locator('[data-try]').click()
  await expect.poll(() => terminalText(page, 'client').catch(() => '')).toBe('$ kill -9')
  await expect(page.locator('sw-lab #pane-client textarea')).toBeFocused()
})

test("the lab's code is fetched when the lab comes near, and not before", async ({ page }) => {
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  await page.goto('about/')
  await page.waitForLoadState('networkidle')
  expect(fetched.filter((url) => /xterm|sw-lab|lab\//.test(url))).toEqual([])
})
