/** Adds pages for the browser tests: when TEST_PAGES is set, test/browser/pages/x.astro is at /test/x/. */
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import type { AstroIntegration } from 'astro'

/** The Astro integration. */
export function testPages(): AstroIntegration {
  return {
    name: 'test-pages',
    hooks: {
      'astro:config:setup': ({ injectRoute }) => {
        if (!process.env.TEST_PAGES) return
        for (const entrypoint of globSync('test/browser/pages/*.astro')) {
          injectRoute({ pattern: `/test/${basename(entrypoint, '.astro')}/`, entrypoint: `./${entrypoint}` })
        }
      },
    },
  }
}
