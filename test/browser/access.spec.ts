/** Every page of the guide for axe, in both themes and at both sizes. */
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'

const folders = { en: '', 'zh-CN': 'zh-cn/', ko: 'ko/' }
const looks = [
  { theme: 'light', width: 1280, height: 900 },
  { theme: 'dark', width: 390, height: 844 },
] as const

for (const { theme, width, height } of looks) {
  test.describe(`${theme}, ${width} px`, () => {
    test.use({ colorScheme: theme, viewport: { width, height } })

    for (const [lang, folder] of Object.entries(folders)) {
      test(`${lang}: axe finds nothing on any page, and nothing scrolls sideways`, async ({ page }) => {
        test.setTimeout(240_000)
        await page.goto(`${folder}concepts/`)
        const chapters = await page
          .locator('nav.sidebar a[href]')
          .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname))
        const found: string[] = []
        // The chapters that exist only in English are the same text in each language: once is enough.
        for (const path of new Set([`/${folder}`, ...chapters])) {
          await page.goto(path.slice(1))
          if (lang !== 'en' && (await page.locator('main').getAttribute('lang')) === 'en') continue
          // Starlight's skip link stands before every landmark, as skip links do; and Expressive Code makes each listing that
          // scrolls sideways a region without a name of its own.
          const { violations } = await new AxeBuilder({ page })
            .exclude('.sl-skip-link')
            .disableRules('landmark-unique')
            .analyze()
          for (const { id, nodes } of violations)
            found.push(`${path} ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (wide > 0) found.push(`${path} scrolls ${wide} px sideways`)
        }
        expect(found).toEqual([])
      })
    }
  })
}
