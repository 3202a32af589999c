/** The playground as readers use it: typing, looking back, branching off, sharing. */
import { deflateRawSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { currentProcess } from '../../simulator/machine/view/index.ts'
import { watch } from './lab-page.ts'
import {
  focused,
  isServing,
  openPlayground,
  ready,
  runFile,
  sessionOf,
  tabTo,
  terminalText,
  traceOf,
  unfold,
  waitFor,
} from './playground-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the playground', 1 / 3)

test.describe.configure({ timeout: 120_000 })

test('a whole session typed by keyboard', async ({ page, baseURL }) => {
  const trouble = watch(page, baseURL)
  await openPlayground(page)
  await page.locator('h1').click()
  await tabTo(page, /^textarea Command for server/)
  await page.keyboard.type('uvicorn main:app --port 8080 --workers 3\n')
  const before = await waitFor(page, isServing)
  expect(before.slots).toHaveLength(3)

  await page.keyboard.press('Escape')
  await tabTo(page, /^button New terminal/, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toMatch(/^textarea Command for client/)
  await page.keyboard.type('curl -s http://127.0.0.1:8080/\n')
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":\d+\}/)
  const victim = currentProcess(before.slots[1]!)!.pid
  await page.keyboard.type(`kill -9 ${victim}; echo status $?\n`)
  await expect.poll(() => terminalText(page, 'client')).toContain('status 0')
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  expect(await terminalText(page, 'server')).toContain(`Child process [${victim}] died`)

  // From the terminal to the parent in the picture, and a signal from there.
  await page.keyboard.press('Escape')
  await tabTo(page, /^button About parent/, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await tabTo(page, /^button kill -TERM/)
  await page.keyboard.press('Space')
  await waitFor(page, ({ server }) => server?.until !== undefined)
  expect(trouble).toEqual([])
})

test('looking back shows what was, and another way can be gone from there', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  const before = await waitFor(page, isServing)
  const victim = currentProcess(before.slots[0]!)!.pid
  await page.getByRole('button', { name: `Kill worker ${victim}` }).click()
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  const said = page.locator('sw-playground .say [role=status]')
  await expect(said).toContainText(`${victim} died`)
  const killed = (await sessionOf(page)).inputs.find(({ type }) => type === 'signal')!.at

  // Back by keyboard, event by event, to before the kill: picture, sentence and terminal are those of that time.
  const hand = page.getByRole('slider', { name: 'The hand of the clock' })
  await hand.focus()
  for (let presses = 0; presses < 200; presses++) {
    if (Number(await hand.getAttribute('aria-valuenow')) < killed) break
    await page.keyboard.press('ArrowLeft')
  }
  await expect(said).toContainText('4 workers serve.')
  await expect(page.getByRole('button', { name: `Kill worker ${victim}` })).toBeVisible()
  await expect.poll(() => terminalText(page, 'server')).not.toContain('died')
  const whole = await traceOf(page)
  const moment = Number(await hand.getAttribute('aria-valuenow'))

  await page.getByRole('button', { name: 'Pause' }).click()
  // Pausing does not branch off: the past is still there, and so is the present.
  await hand.focus()
  await page.keyboard.press('End')
  await expect.poll(() => terminalText(page, 'server')).toContain(`[${victim}] died`)
  await page.locator('sw-playground .moment input').fill(String(moment - (moment % 10)))
  await page.getByRole('button', { name: 'Go on from here' }).click()
  await ready(page)

  const then = await traceOf(page)
  expect(then.length).toBeGreaterThan(50)
  expect(then).toEqual(whole.slice(0, then.length))
  expect(then.at(-1)!.at).toBeLessThanOrEqual(moment)
  await page.getByRole('button', { name: 'Resume' }).click()
  const second = currentProcess(before.slots[2]!)!.pid
  await page.getByRole('button', { name: `Kill worker ${second}` }).click()
  const other = await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  expect(other.slots.flatMap(({ lives }) => lives).find(({ pid }) => pid === victim)?.until).toBeUndefined()

  // Undo does the same: it goes to the moment before the last action.
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  await ready(page)
  expect((await sessionOf(page)).inputs.map(({ type }) => type)).not.toContain('signal')
})

test('the hand is drawn along the rows', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  const hand = page.getByRole('slider', { name: 'The hand of the clock' })
  // The part right of the time marker is the future: at its end, time has passed.
  await page.waitForFunction(() => (document.querySelector('sw-playground')?.machine?.kernel.now ?? 0) > 4000)
  // The mouse reaches only what is on the screen.
  await hand.scrollIntoViewIfNeeded()
  const box = (await hand.boundingBox())!
  await page.mouse.move(box.x + 12, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + 20, box.y + box.height / 2)
  const early = Number(await hand.getAttribute('aria-valuenow'))
  expect(early).toBeLessThan(1000)
  await page.mouse.move(box.x + 40, box.y + box.height / 2, { steps: 4 })
  await expect.poll(async () => Number(await hand.getAttribute('aria-valuenow'))).toBeGreaterThan(early)
  await page.mouse.up()
  await expect(page.getByRole('button', { name: 'Go on from here' })).toBeVisible()
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(page.getByRole('button', { name: 'Go on from here' })).toBeHidden()
})

test('a link opened in a fresh browser shows its code, runs at a click, and gives the same', async ({
  page,
  browser,
  baseURL,
}) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  const before = await waitFor(page, isServing)
  const victim = currentProcess(before.slots[3]!)!.pid
  await page.getByRole('button', { name: `Kill worker ${victim}` }).click()
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  const field = page.getByRole('textbox', { name: 'Link', exact: true })
  await expect(field).toHaveValue(/#session-1\./)
  const url = await field.inputValue()
  expect(url.length - url.indexOf('#')).toBeLessThan(8192)
  const trace = await traceOf(page)
  const text = await terminalText(page, 'server')

  const context = await browser.newContext()
  const other = await context.newPage()
  const trouble = watch(other, baseURL)
  await other.goto(url)
  await ready(other)
  const offered = other.getByRole('region', { name: 'A session for you to look at' })
  await expect(offered).toContainText('export const app')
  await expect(offered).toContainText('uvicorn main:app')
  expect((await traceOf(other)).filter((event) => event.type === 'forked' && event.kind !== 'shell')).toEqual(
    [],
  )
  await offered.getByRole('button', { name: 'Run it' }).click()
  await expect.poll(async () => (await traceOf(other)).length, { timeout: 60_000 }).toBe(trace.length)
  expect(await traceOf(other)).toEqual(trace)
  expect(await terminalText(other, 'server')).toBe(text)
  // A reload does not offer it again.
  expect(other.url()).not.toContain('#')
  expect(trouble).toEqual([])
  await context.close()
})

const pack = (data: unknown) => `#session-1.${deflateRawSync(JSON.stringify(data)).toString('base64url')}`

test.describe('a link that is broken or hostile leaves the page unharmed', () => {
  for (const [name, hash, message] of [
    ['cut off', '#session-1.q1YqSy0qzszPU7Iy', 'This link is damaged'],
    ['no session', pack({ version: 1, machine: '<img src=x onerror=alert(1)>' }), 'not in order at machine'],
    ['another version', '#session-9.AAAA', 'another version'],
    [
      'a bomb',
      `#session-1.${deflateRawSync(Buffer.alloc(100_000_000, ' ')).toString('base64url')}`,
      'larger than a session can be',
    ],
  ] as const) {
    test(name, async ({ page, baseURL }) => {
      const trouble = watch(page, baseURL)
      await openPlayground(page, '', hash)
      await expect(page.locator('sw-playground .notice')).toContainText(message)
      await expect(page.locator('sw-playground img')).toHaveCount(0)
      await page.getByRole('button', { name: 'Start', exact: true }).click()
      await waitFor(page, isServing)
      expect(trouble).toEqual([])
    })
  }
})

test('leaving and coming back restores the session, paused', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  await page.getByRole('button', { name: 'Pause' }).click()
  const before = await traceOf(page)
  await page.goto('about/')
  await openPlayground(page)
  await expect(page.locator('sw-playground .notice')).toContainText('where you left off')
  expect((await traceOf(page)).slice(0, before.length)).toEqual(before)
  await page.getByRole('button', { name: 'Reset' }).click()
  await ready(page)
  await expect(page.locator('sw-playground .say')).toContainText('Nothing runs yet.')
})

test('the application is edited, saved and reloaded; its twin is marked', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  await unfold(page, 'application')
  const editor = page.getByRole('textbox', { name: /^main\.js/ })
  await editor.click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type("console.log('changed by hand')\n")
  await expect(page.locator('sw-playground .differs')).toContainText('main.py is no longer the same')
  await page.getByRole('button', { name: /kill -HUP/ }).click()
  await expect.poll(() => terminalText(page, 'server')).toContain('changed by hand')
  expect((await sessionOf(page)).inputs.map(({ type }) => type)).toEqual([
    'open',
    'line',
    'clients',
    'write',
    'signal',
  ])

  // Another application begins on a fresh machine, with its twin. The reader's work is not discarded without a question.
  await page.locator('[data-preset=counter]').click()
  const question = page.locator('sw-playground .ask-first')
  await expect(question).toContainText('What you did on this one ends with it.')
  await question.getByRole('button', { name: 'Stay here' }).click()
  await expect(question).toHaveCount(0)
  expect((await sessionOf(page)).inputs.map(({ type }) => type)).toContain('write')
  await page.locator('[data-preset=counter]').click()
  await question.getByRole('button', { name: 'Begin there' }).click()
  await expect(page.locator('sw-playground .differs')).toHaveCount(0)
  await expect(editor).toContainText('let visits = 0')
  await expect
    .poll(async () => (await sessionOf(page)).inputs.map(({ type }) => type))
    .toEqual(['open', 'line', 'clients'])
})

test('it runs on arrival; a card begins another application at once, its question stays in sight, and its clients ask for its path', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await openPlayground(page, '', '')
  await waitFor(page, isServing)
  const card = (id: string) => page.locator(`[data-preset="${id}"]`)
  await expect(card('hello')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.locator('[data-preset]')).toHaveCount(12)
  // The reader has only started it: there is no question.
  await card('crash-path').click()
  await expect(card('crash-path')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.locator('[data-asked]')).toContainText('Clients ask for /crash now and then.')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'diedByCode')
  await page.locator('sw-playground .panels').scrollIntoViewIfNeeded()
  await expect(page.locator('[data-asked]')).toBeInViewport()
  expect(trouble).toEqual([])
})

test('code that somebody sent reaches neither network nor storage', async ({ page }) => {
  await openPlayground(page)
  const session = await sessionOf(page)
  await page.evaluate(() => localStorage.setItem('secret', 'of the page'))
  const code = `
const attempts = {
  localStorage: () => localStorage.getItem('secret'),
  indexedDB: () => indexedDB.open('x'),
  caches: () => caches.open('x'),
  cookie: () => document.cookie,
  fetch: () => fetch('/'),
  outside: () => fetch('http://127.0.0.1:1/'),
  importScripts: () => importScripts('/x.js'),
  parent: () => parent.document,
}
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    const got = await attempt()
    console.log(name, 'got', String(got?.result ?? got))
  } catch {
    console.log(name, 'refused')
  }
}
export const app = { fetch: () => new Response('') }
`
  await runFile(page, {
    ...session,
    files: { 'main.js': code },
    inputs: [
      { at: 0, type: 'open', terminal: 'server', columns: 100 },
      { at: 10, type: 'line', terminal: 'server', text: 'uvicorn main:app --workers 1' },
    ],
    until: 3000,
  })
  const text = await terminalText(page, 'server')
  for (const name of ['localStorage', 'fetch', 'outside', 'importScripts', 'parent', 'cookie', 'caches'])
    expect(text).toContain(`${name} refused`)
  expect(text).not.toContain('of the page')
  expect(text).not.toContain(' got ')
})

test('thirty-two workers serve, each in a Web Worker of its own', async ({ page }) => {
  await openPlayground(page)
  const session = await sessionOf(page)
  await runFile(page, {
    ...session,
    clients: { ...session.clients, clients: 64, pause: [20, 100] },
    inputs: [
      { at: 0, type: 'open', terminal: 'server', columns: 100 },
      { at: 10, type: 'line', terminal: 'server', text: 'uvicorn main:app --port 8080 --workers 32' },
      { at: 1500, type: 'clients', on: true },
    ],
    until: 4000,
  })
  expect(await page.evaluate(() => document.querySelector('sw-playground')?.machine?.workers)).toBe(32)
  const picture = await waitFor(page, ({ slots }) => slots.length === 32)
  const served = picture.slots.filter(({ lives }) => lives.some(({ answered }) => answered > 0))
  expect(served.length).toBeGreaterThan(16)
  await expect(page.getByRole('button', { name: /^Kill worker/ })).toHaveCount(32)
})

test('a new width keeps what was shown', async ({ page }) => {
  await openPlayground(page)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitFor(page, isServing)
  await page.setViewportSize({ width: 760, height: 900 })
  await expect
    .poll(async () => (await sessionOf(page)).inputs.some(({ type }) => type === 'resize'))
    .toBe(true)
  const text = await terminalText(page, 'server')
  expect(text).toContain('uvicorn main:app --port 8080 --workers 4')
  expect(text.match(/Application startup complete/g)).toHaveLength(4)
})
