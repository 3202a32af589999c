/**
 * `import text from './x.ts?classic'`: the text of x.ts with all that it imports, bundled into one classic script.
 * Workers in the sandbox need it, since they cannot load anything; Vite's `?worker` gives an address instead.
 */
import { resolve, dirname } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'vite'
import { bundledFiles } from './bundled-files.ts'
import { siteNotices } from './site-notices.ts'

const mark = '?classic'

/** The Vite plugin. */
export function classicScript(): Plugin {
  return {
    name: 'classic-script',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(mark) || !importer) return undefined
      return resolve(dirname(importer), source.slice(0, -mark.length)) + mark
    },
    async load(id) {
      if (!id.endsWith(mark)) return undefined
      const entry = id.slice(0, -mark.length)
      const { outputFiles, metafile } = await build({
        entryPoints: [entry],
        bundle: true,
        format: 'iife',
        target: 'es2022',
        minify: true,
        write: false,
        metafile: true,
        logLevel: 'silent',
        // Modules that a package imports under Node only.
        external: ['node:*'],
        supported: { 'dynamic-import': true },
      })
      for (const input of Object.keys(metafile.inputs)) {
        // esbuild names a module that a package excludes in browsers like this; it is no file.
        if (input.startsWith('(disabled):')) continue
        this.addWatchFile(resolve(input))
      }
      for (const file of bundledFiles(metafile)) siteNotices.add('classic scripts', file)
      return `export default ${JSON.stringify(outputFiles[0]?.text ?? '')}`
    },
  }
}
