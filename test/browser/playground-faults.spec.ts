/** What goes wrong in the simulator itself costs the command that met it, not the machine, and not the next visit. */
import { expect, test } from '@playwright/test'
import lab from '../../content/lab/en.json' with { type: 'json' }
import english from '../../content/playground/en.json' with { type: 'json' }
import { openPlayground, ready, sessionOf, terminalText } from './playground-page.ts'

test.describe.configure({ timeout: 120_000 })

test('a fault ends the command with a sentence; a replay that never ended is offered at the next visit', async ({
  page,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await openPlayground(page)
  await page.locator('sw-playground .xterm-helper-textarea').first().focus()
  await page.keyboard.type('sleep 60\n')
  await page.waitForFunction(() => {
    const kernel = document.querySelector('sw-playground')?.machine?.kernel
    return kernel?.processes().some(({ command }) => command === 'sleep 60')
  })
  await page.evaluate(() => {
    document.querySelector('sw-playground')?.machine?.kernel.after(1, () => {
      throw new RangeError('a fault')
    })
  })
  const said = lab.shell.failed.replace('{reason}', 'a fault')
  await expect.poll(async () => terminalText(page, 'server')).toContain(said)
  expect(errors).toEqual(['a fault'])
  await page.keyboard.type('echo still here\n')
  await expect.poll(async () => terminalText(page, 'server')).toContain('\nstill here\n')

  await page.reload()
  await ready(page)
  const notice = page.locator('sw-playground .notice')
  await expect(notice).toHaveText(english.restored)
  expect((await sessionOf(page)).inputs).toContainEqual(expect.objectContaining({ text: 'echo still here' }))

  // As a page leaves it that its replay has stopped.
  await page.goto('about/')
  await page.evaluate(() => localStorage.setItem('sw-playground-unfinished', ''))
  await openPlayground(page)
  await expect(notice).toHaveText(english.notRestored)
  await expect(page.locator('sw-playground .offer')).toContainText('echo still here')
  expect((await sessionOf(page)).inputs).not.toContainEqual(
    expect.objectContaining({ text: 'echo still here' }),
  )
  // It is offered until the reader has decided.
  await page.reload()
  await ready(page)
  await expect(notice).toHaveText(english.notRestored)
  await page.getByRole('button', { name: english.offer.run }).click()
  // The fault was no input of the session: nothing ends the command now.
  await expect.poll(async () => terminalText(page, 'server')).toContain('$ sleep 60')
})
