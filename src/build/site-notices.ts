/** Writes `third-party-notices.txt` into the built site: the licence of every package whose code or style is in the pages. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import type { Plugin } from 'vite'
import { Notices } from './notices.ts'

/** Files that are published without passing through Vite, and the packages whose code is in them. */
export const NOT_BUNDLED: readonly { readonly files: RegExp; readonly packages: readonly string[] }[] = [
  { files: /^pagefind\//, packages: ['pagefind'] },
  // The package that formats listings writes its own style and script.
  {
    files: /^_astro\/ec\.\w+\.(?:js|css)$/,
    packages: [
      '@expressive-code/core',
      '@expressive-code/plugin-frames',
      '@expressive-code/plugin-text-markers',
    ],
  },
  // workbox-build bundles the service worker itself.
  {
    files: /^sw\.js$/,
    packages: ['workbox-core', 'workbox-precaching', 'workbox-routing', 'workbox-strategies'],
  },
  { files: /^python\//, packages: ['pyodide'] },
]

/** Files that contain code or styles; all other files of a page are ours. */
const CODE = '**/*.{js,mjs,css,wasm,zip,pagefind}'
const STYLE = /\.css(?:$|\?)|[?&]type=style\b/

/** Collects the contents of the site: the modules of each published file, and the notices of their packages. */
class SiteNotices {
  readonly notices = new Notices()
  readonly #modules = new Map<string, Set<string>>()

  /** Adds a module of a published file. For a style it is only known that some file contains it. */
  add(file: string, module: string): void {
    const modules = this.#modules.get(file) ?? new Set()
    this.#modules.set(file, modules.add(module))
    this.notices.addFile(module)
  }

  /** The modules of each published file, as the tests read it. */
  get modules(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#modules].map(([file, modules]) => [file, [...modules].sort()]))
  }

  /** The published files whose contents are not known. */
  unknown(files: readonly string[]): string[] {
    return files.filter(
      (file) =>
        !this.#modules.has(file) &&
        !(file.endsWith('.css') && this.#modules.has(STYLES)) &&
        !NOT_BUNDLED.some((row) => row.files.test(file)),
    )
  }
}

const STYLES = 'styles'

/** The contents of the site that is being built. */
export const siteNotices = new SiteNotices()

/** The pages' scripts are those of the environment `client`; styles are also found while pages are rendered. */
function collect(): Plugin {
  return {
    name: 'third-party-notices',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        for (const id of output.moduleIds) {
          if (STYLE.test(id)) siteNotices.add(STYLES, id)
          else if (this.environment.name === 'client') siteNotices.add(output.fileName, id)
        }
      }
    },
  }
}

/** The Astro integration. Beside the site, in `<folder>.modules.json`, it writes which modules each file contains. */
export function thirdPartyNotices(): AstroIntegration {
  return {
    name: 'third-party-notices',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        // A Web Worker's file is a bundle of its own.
        updateConfig({ vite: { plugins: [collect()], worker: { plugins: () => [collect()] } } })
      },
      'astro:build:done': ({ dir }) => {
        const folder = fileURLToPath(dir).replace(/\/$/, '')
        const unknown = siteNotices.unknown(globSync(CODE, { cwd: folder }))
        if (unknown.length > 0)
          throw new Error(`No notice for ${unknown.join(', ')}: say in NOT_BUNDLED which packages are in it.`)
        const { notices } = siteNotices
        for (const { packages } of NOT_BUNDLED) for (const name of packages) notices.addPackage(name)
        addPython(notices)
        writeFileSync(join(folder, 'third-party-notices.txt'), notices.text())
        writeFileSync(`${folder}.modules.json`, JSON.stringify(siteNotices.modules, undefined, 1))
      },
    },
  }
}

/** Adds the licences of Pyodide (which requires a link to its source) and of the CPython in it: its package contains neither text. */
function addPython(notices: Notices): void {
  const text = (name: string) => readFileSync(join('src/build/licences', `${name}.txt`), 'utf8')
  notices.addText('pyodide (MPL-2.0)\nIts source: https://github.com/pyodide/pyodide', text('MPL-2.0'))
  notices.addText('CPython and its standard library, as Pyodide contains them', text('CPython'))
}
