import { expect } from '@playwright/test'
import { bodyOf, imported, spawn, test, workersAlive } from './guest-page.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

test.describe('the end of a process', () => {
  for (const [what, code] of [
    ['is at once', 'process.exit(3)'],
    ['cannot be caught', 'try { process.exit(3) } catch {} console.log("no")'],
    [
      'lets nothing happen after it',
      'setTimeout(() => console.log("no")); queueMicrotask(() => console.log("no")); process.exit(3)',
    ],
    ['does not wait for a loop', 'try { process.exit(3) } catch { for (;;); }'],
    ['can be in a promise', 'Promise.resolve().then(() => process.exit(3)); await new Promise(() => {})'],
    ['takes process.exitCode', 'process.exitCode = 3; process.exit()'],
  ] as const) {
    test(`by process.exit ${what}`, async ({ page }) => {
      const process = await imported(
        page,
        `export const app = async () => { console.log('before'); ${code} }`,
      )
      expect((await process.get()).acts).toEqual([
        { type: 'print', stream: 'stdout', text: 'before\n', after: 0 },
        { type: 'exit', code: 3, after: 0 },
      ])
      expect(await workersAlive(page)).toBe(0)
      await expect.poll(() => page.workers().length).toBe(0)
    })
  }

  test('may be while it is imported', async ({ page }) => {
    const process = await spawn(page, `process.exit(1)\nexport const app = () => new Response()`)
    expect((await process.turn({ type: 'import' })).acts).toEqual([{ type: 'exit', code: 1, after: 0 }])
  })

  test('settles the turn that is awaited, also before the worker has begun', async ({ page }) => {
    const turns = await page.evaluate(async () => {
      const id = lab.guest('export const app = () => new Response()')
      const pending = lab.turn(id, { type: 'import' })
      lab.end(id)
      return [await pending, await lab.turn(id, { type: 'startup' })]
    })
    expect(turns).toEqual([
      { acts: [], cpu: 0, spins: false },
      { acts: [], cpu: 0, spins: false },
    ])
    expect(await workersAlive(page)).toBe(0)
  })
})

test.describe('a loop that never rests', () => {
  test.use({ patience: 300 })

  test('is noticed, and can be killed', async ({ page }) => {
    const process = await imported(page, `export const app = () => { for (;;); }`)
    expect(await process.get()).toEqual({ acts: [], cpu: 0, spins: true })
    expect(page.workers()).toHaveLength(1)
    await process.end()
    expect(await workersAlive(page)).toBe(0)
    await expect.poll(() => page.workers().length).toBe(0)
    // The sandbox still works.
    const other = await imported(page, `export const app = () => new Response('still here')`)
    expect(bodyOf(await other.get())).toBe('still here')
  })

  test('of microtasks as well', async ({ page }) => {
    const process = await imported(page, `export const app = async () => { for (;;) await null }`)
    expect(await process.get()).toMatchObject({ spins: true })
    await process.end()
    await expect.poll(() => page.workers().length).toBe(0)
  })

  test('is over when it rests after all', async ({ page }) => {
    const process = await imported(
      page,
      // Forty million reads of the clock take longer than the patience, and then end.
      `export const app = () => { const end = Date.now() + 2_000_000; while (Date.now() < end); return new Response('at last') }`,
    )
    expect(await process.get()).toMatchObject({ spins: true })
    const rest = await process.rest()
    expect(rest && bodyOf(rest)).toBe('at last')
    expect(rest?.cpu).toBeGreaterThanOrEqual(2_000_000)
  })
})
