/** Every page of the guide for axe, in both themes and at both sizes; a run that is not full takes some pages in turn. */
import { readdirSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { inTurn } from '../setup/seed.ts'
import { settled } from './settled.ts'

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

for (const path of inTurn('pages for axe', pages, 1 / 10)) {
  test(`/${path}: axe finds nothing, and nothing scrolls sideways`, async ({ page }) => {
    for (const { theme, width, height } of looks) {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height })
      // Again: Expressive Code sometimes misses that a listing has become too wide for a window that was narrowed.
      await page.goto(path)
      await page.evaluate(() => {
        for (const fold of document.querySelectorAll('main details')) (fold as HTMLDetailsElement).open = true
      })
      await settled(page)
      // Starlight's skip link stands before every landmark, as skip links do.
      const { violations } = await new AxeBuilder({ page }).exclude('.sl-skip-link').analyze()
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`),
        `${theme}, ${width} px`,
      ).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        `${theme}, ${width} px`,
      ).toBeLessThanOrEqual(0)
    }
  })
}
