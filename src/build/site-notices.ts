import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { Notices } from './notices.ts'

/** Packages whose code is served without passing through Vite: the search, and the service worker's runtime, which workbox-build bundles itself. */
const SERVED = [
  'pagefind',
  '@pagefind/default-ui',
  'workbox-core',
  'workbox-precaching',
  'workbox-routing',
  'workbox-strategies',
]

/** The notices of the site. `classicScript` adds the packages that it bundles itself. */
export const siteNotices = new Notices()

/** Writes `third-party-notices.txt` into the built site: the licence of every package whose code the page runs. */
export function thirdPartyNotices(): AstroIntegration {
  return {
    name: 'third-party-notices',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        updateConfig({
          vite: {
            plugins: [
              {
                name: 'third-party-notices',
                apply: 'build',
                generateBundle(_, bundle) {
                  if (this.environment.name !== 'client') return
                  for (const output of Object.values(bundle)) {
                    if (output.type === 'chunk') output.moduleIds.forEach((id) => siteNotices.addFile(id))
                  }
                },
              },
            ],
          },
        })
      },
      'astro:build:done': ({ dir }) => {
        for (const name of SERVED) siteNotices.addPackage(name)
        addPython()
        writeFileSync(fileURLToPath(new URL('third-party-notices.txt', dir)), siteNotices.text())
      },
    },
  }
}

/** Adds the licences of Pyodide (which requires a link to its source) and of the CPython in it: its package contains neither text. */
function addPython(): void {
  const text = (name: string) => readFileSync(join('src/build/licences', `${name}.txt`), 'utf8')
  siteNotices.addPackage('pyodide')
  siteNotices.addText('pyodide (MPL-2.0)\nIts source: https://github.com/pyodide/pyodide', text('MPL-2.0'))
  siteNotices.addText('CPython and its standard library, as Pyodide contains them', text('CPython'))
}
