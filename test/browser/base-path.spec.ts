/** Runs twice: against the guide at /, and against the guide under /base/, where a static host may put it. */
import { expect, test as every } from '@playwright/test'
import { inTurn } from '../setup/seed.ts'
import { watch } from './lab-page.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests under a base path', 1 / 2)

const languages = [
  { folder: '', lang: 'en', query: 'worker', button: 'Search' },
  { folder: 'zh-cn/', lang: 'zh-CN', query: '进程', button: '搜索' },
  { folder: 'ko/', lang: 'ko', query: '프로세스', button: '검색' },
]

for (const { folder, lang } of inTurn('languages whose every page is opened', languages, 1 / 3)) {
  every(
    `${lang}: every page of the sidebar opens, with its policy, and asks for nothing outside`,
    async ({ page, baseURL }) => {
      // Every page, one after the other.
      test.setTimeout(180_000)
      const trouble = watch(page, baseURL ?? '')
      await page.goto(`${folder}server-workers/`)
      await expect(page.locator('html')).toHaveAttribute('lang', lang)
      const links = await page
        .locator('nav.sidebar a[href]')
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))
      expect(links.length).toBeGreaterThan(0)
      for (const link of new Set(links)) {
        expect(link.startsWith(`${baseURL}${folder}`), link).toBe(true)
        await page.goto(link)
        await expect(page.locator('h1')).toBeVisible()
        await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveAttribute(
          'content',
          /^default-src 'none'; script-src 'self'/,
        )
      }
      await page.waitForLoadState('networkidle')
      expect(trouble).toEqual([])
    },
  )
}

for (const { folder, lang, query, button } of languages) {
  test(`${lang}: the search finds the chapter`, async ({ page, baseURL }) => {
    const trouble = watch(page, baseURL ?? '')
    await page.goto(`${folder}about/`)
    await page.getByRole('button', { name: button }).click()
    await page.locator('dialog input').fill(query)
    // The message first, softly: when nothing is found it says what the search is at, and the trouble says why.
    const message = page.locator('dialog .pagefind-ui__message')
    await expect.soft(message).toHaveText(/[1-9]/, { timeout: 30_000 })
    expect(trouble).toEqual([])
    await page.locator('dialog .pagefind-ui__result-link').first().click()
    await expect(page).toHaveURL(new RegExp(`^${baseURL}${folder}`))
    expect(trouble).toEqual([])
  })

  test(`${lang}: the links in the text lead to pages that are there`, async ({ page, baseURL, request }) => {
    await page.goto(`${folder}server-workers/`)
    const links = await page
      .locator('main a[href], header a[href]')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href.replace(/#.*/, '')))
    const own = new Set(links.filter((link) => new URL(link).origin === new URL(page.url()).origin))
    for (const link of own) {
      expect(link.startsWith(baseURL ?? ''), link).toBe(true)
      expect((await request.get(link)).status(), link).toBe(200)
    }
  })
}

test('the language is changed on the same page', async ({ page, baseURL }) => {
  await page.goto('server-workers/')
  await page.locator('starlight-lang-select select').first().selectOption({ label: '한국어' })
  await expect(page).toHaveURL(`${baseURL}ko/server-workers/`)
})
