/** A page that names a recording which is no longer there would only fail when the site is built. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the recordings and files that pages name are there', () => {
  const missing = globSync('content/docs/**/*.mdx').flatMap((page) => {
    const text = readFileSync(page, 'utf8')
    const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name)
    return [
      ...names(/<(?:Transcript|Timeline|Lab)\b[^>]*\bof="([^"]+)"/g).map(
        (name) => `content/transcripts/${name}.txt`,
      ),
      ...names(/<ConfigFile\b[^>]*\bof="([^"]+)"/g).map((name) => `content/deploy/${name}`),
    ]
      .filter((path) => !existsSync(path))
      .map((path) => `${page}: ${path}`)
  })
  expect(missing).toEqual([])
})
