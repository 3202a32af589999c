/** What Starlight generates and silently loses when the content is not found the way it expects. */
import { expect, test } from '@playwright/test'

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

test('a page that exists only in English says so in the other languages', async ({ page }) => {
  for (const [folder, notice] of [
    ['zh-cn/', '本页还没有翻译，下面是英文原文。'],
    ['ko/', '아직 번역되지 않은 페이지라 영어 원문을 보여 드립니다.'],
  ] as const) {
    await page.goto(`${folder}about/`)
    await expect(page.locator('main')).toContainText(notice)
    await expect(page.locator('main')).toHaveAttribute('lang', 'en')
  }
  await page.goto('about/')
  await expect(page.locator('.content-notice, [class*="notice"]')).toHaveCount(0)
})
