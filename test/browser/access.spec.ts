/** Every page of the guide for axe, in both themes and at both sizes. */
import { readdirSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'

/** The pages that are written in a language; those that show the English text instead are the same as the English ones. */
const pages = ['', 'zh-cn/', 'ko/'].flatMap((folder) =>
  readdirSync(new URL(`../../content/docs/${folder}`, import.meta.url))
    .filter((file) => file.endsWith('.mdx'))
    .map((file) => `${folder}${file === 'index.mdx' ? '' : file.replace(/\.mdx$/, '/')}`),
)
const looks = [
  { theme: 'light', width: 1280, height: 900 },
  { theme: 'dark', width: 390, height: 844 },
] as const

for (const { theme, width, height } of looks) {
  test.describe(`${theme}, ${width} px: axe finds nothing, and nothing scrolls sideways`, () => {
    test.use({ colorScheme: theme, viewport: { width, height } })

    for (const path of pages) {
      test(`/${path}`, async ({ page }) => {
        await page.goto(path)
        // Starlight's skip link stands before every landmark, as skip links do; and Expressive Code makes each listing that
        // scrolls sideways a region without a name of its own.
        const { violations } = await new AxeBuilder({ page })
          .exclude('.sl-skip-link')
          .disableRules('landmark-unique')
          .analyze()
        expect(
          violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
          ),
        ).toEqual([])
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0)
      })
    }
  })
}
