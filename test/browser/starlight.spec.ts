/** What Starlight generates and silently loses when the content is not found the way it expects. */
import { expect } from '@playwright/test'
import { shareOf } from './share.ts'

const test = shareOf('tests of the frame of the pages', 1 / 2)

const languages = [
  { folder: '', sidebar: 'Main', next: 'Next', updated: 'Last updated' },
  { folder: 'zh-cn/', sidebar: '主要', next: '下一页', updated: '最近更新' },
  { folder: 'ko/', sidebar: '메인', next: '다음 페이지', updated: '마지막 업데이트' },
]

for (const { folder, sidebar, next, updated } of languages) {
  test(`/${folder}: sidebar, next page and date, in the page's language`, async ({ page }) => {
    await page.goto(`${folder}server-workers/`)
    const chapter = page.getByRole('navigation', { name: sidebar }).locator('a[aria-current="page"]')
    await expect(chapter).toHaveText(await page.locator('h1').innerText())
    await expect(page.locator('a[rel="next"]')).toContainText(next)
    // A lab has a footer too.
    const footer = page.locator('footer').filter({ has: page.locator('time') })
    await expect(footer).toContainText(updated)
    await expect(footer.locator('time')).toHaveAttribute('datetime', /^20\d\d-/)
  })
}

test('a section has the same address in every language', async ({ page }) => {
  const ids: string[][] = []
  for (const { folder } of languages) {
    await page.goto(`${folder}server-workers/`)
    ids.push(await page.locator('main :is(h2, h3, h4)[id]').evaluateAll((all) => all.map(({ id }) => id)))
  }
  expect(ids[0]).toContain('on-your-machine')
  expect(ids[1]).toEqual(ids[0])
  expect(ids[2]).toEqual(ids[0])
})

test('a page that exists only in English says so in the other languages', async ({ page }) => {
  for (const [folder, lang, notice] of [
    ['zh-cn/', 'zh-CN', '本页还没有翻译，下面是英文原文。'],
    ['ko/', 'ko', '아직 번역되지 않은 페이지라 영어 원문을 보여 드립니다.'],
  ] as const) {
    await page.goto(`${folder}test/untranslated/`)
    await expect(page.locator('main')).toContainText(notice)
    await expect(page.locator('main')).toHaveAttribute('lang', 'en')
    // Its frame is in the reader's language; to search engines it is the English page.
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await expect(page.locator('link[rel="canonical"]')).toHaveAttribute(
      'href',
      /:4321\/test\/untranslated\/$/,
    )
    await expect(page.locator('meta[property="og:locale"]')).toHaveAttribute('content', 'en_US')
    await expect(page.locator('link[rel="alternate"][hreflang="ko"]')).toHaveCount(0)
  }
  await page.goto('ko/server-workers/')
  await expect(page.locator('meta[property="og:locale"]')).toHaveAttribute('content', 'ko_KR')
  await expect(page.locator('link[rel="alternate"][hreflang="zh-CN"]')).toHaveCount(1)
  await page.goto('test/untranslated/')
  await expect(page.locator('.content-notice, [class*="notice"]')).toHaveCount(0)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('the landing page has the menu of the chapters', async ({ page }) => {
    await page.goto('')
    await page.getByRole('button', { name: 'Menu' }).tap()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Restarts' }).tap()
    await expect(page).toHaveURL(/\/restarts\/$/)
  })
})

test('where there is room, the landing page has no menu', async ({ page }) => {
  await page.goto('')
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
  await expect(page.locator('main h1')).toBeInViewport()
})
