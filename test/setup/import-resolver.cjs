/**
 * Tells ESLint which file an import means: a relative path as it is written, without a bundler's query (`x.css?url`).
 * Everything else is a package or a virtual module, which the direction of imports does not judge.
 */
const { existsSync } = require('node:fs')
const { dirname, resolve } = require('node:path')

module.exports = {
  interfaceVersion: 2,
  resolve(source, file) {
    if (!source.startsWith('.')) return { found: true, path: null }
    // A script inside x.astro is called x.astro/1_1.ts by the linter.
    const folder = dirname(file.replace(/(\.astro)\/[^/]*$/, '$1'))
    const path = resolve(folder, source.replace(/\?.*$/, ''))
    return existsSync(path) ? { found: true, path } : { found: false }
  },
}
