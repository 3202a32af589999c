import { expect, test as every } from '@playwright/test'
import { activityOf, currentProcess } from '../../simulator/machine/view/index.ts'
import { stripAnsi } from '../../simulator/terminal/index.ts'
import { judge } from '../conformance/judge/judge.ts'
import { load } from '../conformance/recording/load.ts'
import { inTurn } from '../setup/seed.ts'
import {
  commands,
  languages,
  observed,
  openLab,
  pictureOf,
  terminalText,
  traceOf,
  typeInto,
  waitFor,
  watch,
} from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the lab', 1 / 3)

/** Wide enough for a server terminal of 80 columns, as the recordings have. */
const wide = { width: 1630, height: 1200 }

/** Every program in every language, so that each third has each of both. */
const spoken = commands.flatMap((command, row) =>
  languages.map((_, column) => ({ ...command, ...languages[(row + column) % languages.length]! })),
)
for (const { folder, lang, program, version, line } of inTurn('programs in languages', spoken, 1 / 3)) {
  every(
    `${lang}: ${program} prints what the original prints, from its start to Ctrl+C`,
    async ({ page, baseURL }) => {
      await page.setViewportSize(wide)
      const trouble = watch(page, baseURL)
      await openLab(page, folder)
      await typeInto(page, 'server', `${line}\n`)
      await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
      const started = observed(await traceOf(page))
      expect(
        judge(load(program, version, 'start-4'), { ...started, alive: [] }, { races: true }).report,
      ).toBe('')

      await page.keyboard.press('Control+c')
      await waitFor(page, ({ server }) => server?.until !== undefined)
      const trace = await traceOf(page)
      expect(judge(load(program, version, 'ctrl-c'), observed(trace), { races: true }).report).toBe('')

      // The page shows what was judged.
      const shown = (await terminalText(page, 'server')).split('\n').map((text) => text.trimEnd())
      const printed = observed(trace).lines.filter(({ text }) => text !== '^C')
      const plain = printed.map(({ text }) => stripAnsi(text).trimEnd())
      for (const text of plain) {
        expect(shown.map((each) => each.replace(/^\^C/, ''))).toContain(text)
      }
      expect(trouble).toEqual([])
    },
  )
}

for (const { program, version, line } of commands) {
  test(`${program}: a killed worker is replaced in its row, and the original's lines say so`, async ({
    page,
  }) => {
    await page.setViewportSize(wide)
    await openLab(page)
    await typeInto(page, 'server', `${line}\n`)
    const before = await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    const victim = currentProcess(before.slots[1]!)!.pid
    await page.getByRole('button', { name: `Kill worker ${victim}` }).click()
    const after = await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
    const successor = currentProcess(after.slots[1]!)!
    expect(after.slots).toHaveLength(4)
    expect(after.slots[1]!.lives.map(({ pid }) => pid)).toEqual([victim, successor.pid])
    expect(activityOf(successor)).toBe('serving')
    expect(
      judge(load(program, version, 'kill9-worker'), observed(await traceOf(page)), { races: true }).report,
    ).toBe('')

    const picture = page.locator('sw-lab svg[role=img]')
    await expect(picture).toHaveAttribute('aria-label', new RegExp(`Row 2: worker ${successor.pid}, serving`))
    await expect(page.locator('sw-lab .say')).toContainText(`${victim} died, signal 9.`)
    await expect(page.locator('sw-lab .say')).toContainText(`started ${successor.pid}`)
    await expect(page.getByRole('button', { name: `Kill worker ${successor.pid}` })).toBeVisible()
    await expect(page.getByRole('button', { name: `Kill worker ${victim}` })).toHaveCount(0)
  })
}

test('Start types its command, requests flow, and a worker that dies takes some with it', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ counts }) => counts.answered > 5)
  expect(await terminalText(page, 'server')).toMatch(/^\$ uvicorn main:app /)
  // Kills a worker with a request in progress: the shortest takes 50 ms.
  const victim = await page.evaluate(async () => {
    const kernel = document.querySelector('sw-lab')?.machine?.kernel
    return new Promise<number>((found) => {
      const stop = kernel?.subscribe((event) => {
        if (event.type !== 'accepted') return
        stop?.()
        kernel.after(20, () => {
          kernel.signal(event.pid, 'KILL')
          found(event.pid)
        })
      })
    })
  })
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  const said = await page.locator('sw-lab .say').innerText()
  const lost = new RegExp(`${victim} died, signal 9\\. (\\d) open requests? (was|were) lost\\.`).exec(
    said,
  )?.[1]
  expect(Number(lost), said).toBeGreaterThan(0)
  await page.getByRole('switch', { name: 'requests' }).click()
  await waitFor(page, ({ open }) => open.size === 0)
  expect((await pictureOf(page)).counts.lost).toBe(Number(lost))
  expect(trouble).toEqual([])
})

test('paused, nothing moves; a step goes to the next event; resumed, it goes on', async ({ page }) => {
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ counts }) => counts.answered > 3)
  await page.getByRole('button', { name: 'Pause' }).click()
  const now = () => page.evaluate(() => document.querySelector('sw-lab')?.machine?.kernel.now ?? 0)
  const svg = () => page.locator('sw-lab svg[role=img]').innerHTML()
  await page.waitForTimeout(200)
  const [time, picture] = [await now(), await svg()]
  const frames = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let changes = 0
        const root = document.querySelector('sw-lab')!.shadowRoot!
        const watching = new MutationObserver((records) => (changes += records.length))
        watching.observe(root, { subtree: true, attributes: true, childList: true, characterData: true })
        setTimeout(() => done(changes), 700)
      }),
  )
  expect(frames).toBe(0)
  expect(await now()).toBe(time)
  expect(await svg()).toBe(picture)
  await page.getByRole('button', { name: 'Step' }).click()
  await expect.poll(now).toBeGreaterThan(time)
  expect((await now()) - time).toBeLessThan(1000)
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(now).toBeGreaterThan(time + 1000)
})

test('a machine at rest stands still', async ({ page }) => {
  await openLab(page)
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => document.querySelector('sw-lab')?.machine?.pace.running)).toBe(false)
  await typeInto(page, 'client', 'sleep 0.3 && echo slept\n')
  await expect.poll(() => terminalText(page, 'client')).toContain('\nslept')
  await expect
    .poll(() => page.evaluate(() => document.querySelector('sw-lab')?.machine?.pace.running))
    .toBe(false)
})

test('put away, it waits', async ({ page }) => {
  await openLab(page)
  await page.getByRole('button', { name: 'Start' }).click()
  await waitFor(page, ({ counts }) => counts.answered > 1)
  const running = () => page.evaluate(() => document.querySelector('sw-lab')?.machine?.pace.running)
  await page.getByRole('button', { name: 'Put the machine away' }).click()
  await expect.poll(running).toBe(false)
  await page.getByRole('button', { name: 'Bring the machine back' }).click()
  await expect.poll(running).toBe(true)
})

test('speed changes how fast time goes, and the same actions give the same run', async ({ page }) => {
  await openLab(page)
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('5')
  const lines = async () => {
    await typeInto(page, 'server', 'uvicorn main:app --workers 3\n')
    await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
    const trace = await traceOf(page)
    return trace.filter((event) => event.type === 'output').map(({ at, text }) => `${at} ${text}`)
  }
  const first = await lines()
  expect(await page.evaluate(() => document.querySelector('sw-lab')?.machine?.pace.speed)).toBe(5)
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(() => terminalText(page, 'server')).toBe('$')
  await expect(page.locator('sw-lab .say')).toContainText('Nothing runs yet.')
  expect(await lines()).toEqual(first)
})

test("main:app is the reader's own main.js, in Web Workers of its own", async ({ page }) => {
  await openLab(page)
  await page.getByRole('tab', { name: 'main.js' }).click()
  const text = 'let count = 0\nexport const app = () => new Response(`own ${++count} of ${process.pid}`)\n'
  await page.getByRole('textbox', { name: /^The application, main\.js/ }).fill(text)
  await typeInto(page, 'server', 'uvicorn main:app --workers 2 --no-access-log\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  expect(await page.evaluate(() => document.querySelector('sw-lab')?.machine?.workers)).toBe(2)
  await page.getByRole('tab', { name: 'client' }).click()
  await typeInto(page, 'client', 'curl http://127.0.0.1:8000/\n')
  await expect.poll(() => terminalText(page, 'client')).toMatch(/own 1 of 2736[78]/)
})

test('a mistake in main.js is told in the terminal, and the lab lives on', async ({ page }) => {
  await openLab(page)
  await page.getByRole('tab', { name: 'main.js' }).click()
  await page.getByRole('textbox', { name: /^The application, main\.js/ }).fill('export const nothing = 1\n')
  await typeInto(page, 'server', 'uvicorn main:app --workers 2\n')
  await waitFor(page, ({ server }) => server?.until !== undefined)
  expect(await terminalText(page, 'server')).toContain(
    'Error loading ASGI app. Attribute "app" not found in module "main".',
  )
  await page.getByRole('button', { name: 'Restore' }).click()
  await typeInto(page, 'server', 'uvicorn main:app --workers 2\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
})

test('curl, kill and ps in the second terminal talk to the server in the first', async ({ page }) => {
  await openLab(page)
  await typeInto(page, 'server', 'fastapi run --workers 4 main.py\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  await typeInto(page, 'client', 'curl http://127.0.0.1:8000/\n')
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\{"pid":273\d\d\}/)
  await page.keyboard.type('pgrep -P 27365\n')
  await expect.poll(() => terminalText(page, 'client')).toMatch(/\n27366\n27367\n27368\n27369\n27370\n/)
  await page.keyboard.type('kill -9 27368\n')
  await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back')
  expect(await terminalText(page, 'server')).toContain('Child process [27368] died')
  await page.keyboard.type('kill -9 27368\n')
  await expect.poll(() => terminalText(page, 'client')).toContain('bash: kill: (27368) - No such process')
})

test('what runs stays where it was when the window is made narrow and wide again', async ({ page }) => {
  await openLab(page)
  await typeInto(page, 'server', 'uvicorn main:app --workers 4\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const before = await terminalText(page, 'server')
  await page.setViewportSize({ width: 420, height: 900 })
  await expect(
    page.getByRole('textbox', { name: 'Command for the server terminal', exact: true }),
  ).toBeVisible()
  await page.setViewportSize({ width: 1280, height: 900 })
  await expect(page.getByRole('textbox', { name: /^Command for the server terminal\. Escape/ })).toHaveCount(
    1,
  )
  expect(await terminalText(page, 'server')).toBe(before)
})
