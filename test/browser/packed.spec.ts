/** The command that lies beside the pages: what a reader copies runs as it stands, and its hash is that of the file. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { watch } from './lab-page.ts'

test('a copied line takes the command from this site, and npx runs it', async ({
  page,
  context,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('run/')
  const block = page.locator('sw-command', { hasText: 'lab replication' }).first()
  const address = `${baseURL}server-workers.tgz`
  await expect(block.locator('[data-run]')).toHaveText(`npx ${address} lab replication`)
  await block.locator('[data-copy]').click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`npx ${address} lab replication`)

  const tarball = await (await page.request.get(address)).body()
  const link = page.locator('a', { hasText: 'SHA-256' })
  const listed = await (
    await page.request.get(new URL((await link.getAttribute('href'))!, baseURL).href)
  ).text()
  expect(listed).toBe(`${createHash('sha256').update(tarball).digest('hex')}  server-workers.tgz\n`)

  const cache = mkdtempSync(join(tmpdir(), 'packed-'))
  try {
    const { PATH = '', HOME = '' } = process.env
    const help = execFileSync('npx', ['--yes', address, 'lab', '--help'], {
      cwd: cache,
      encoding: 'utf8',
      env: { PATH, HOME, LANG: 'C', npm_config_cache: cache },
    })
    // Its examples name the address that it came from.
    expect(help.split('\n')[0]).toBe(`npx ${address} lab NAME [--yes]`)
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
  expect(trouble).toEqual([])
})

test("where the page's address is not trusted, the line stays as it is", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
  await page.goto('run/')
  await expect(page.locator('[data-run]', { hasText: 'lab replication' }).first()).toHaveText(
    'npx server-workers lab replication',
  )
})
