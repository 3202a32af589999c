import { expect, test } from '@playwright/test'
import { judge } from '../conformance/judge/judge.ts'
import { load } from '../conformance/recording/load.ts'
import { observed, openLab, terminalText, traceOf, typeInto, waitFor, watch } from './lab-page.ts'

test('fastapi-cli 0.0.32 asks the terminal of the page for its colours, and nobody sees it', async ({
  page,
  baseURL,
}) => {
  await page.setViewportSize({ width: 1630, height: 1200 })
  const trouble = watch(page, baseURL)
  await openLab(page)
  await typeInto(page, 'server', 'pip install -q fastapi-cli==0.0.32 && fastapi --version\n')
  await expect.poll(() => terminalText(page, 'server')).toContain('FastAPI CLI version: 0.0.32')
  await expect(page.locator('sw-lab .speaks').first()).toContainText('fastapi-cli 0.0.32')

  await typeInto(page, 'server', 'fastapi run --workers 4 main.py\n')
  await waitFor(page, ({ happened }) => happened.clauses[0]?.key === 'serving')
  const started = observed(await traceOf(page))
  const recorded = load('fastapi', '0.0.32', 'start-4')
  expect(judge(recorded, { ...started, alive: [] }, { races: true }).report).toBe('')

  await page.keyboard.press('Control+c')
  await waitFor(page, ({ server }) => server?.until !== undefined)
  // The emulator has answered too, by now: none of it was typed.
  await typeInto(page, 'server', 'echo done\n')
  await expect.poll(() => terminalText(page, 'server')).toMatch(/\ndone\n/)
  const text = await terminalText(page, 'server')
  expect(text).toMatch(/\n\$ echo done\n/)
  expect(text).not.toMatch(/rgb:|1[01];/)
  expect(trouble).toEqual([])
})
