/** The documents for contributors (README, CONTRIBUTING and the READMEs beside the code) only name files that exist. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync('{simulator,src,test}/**/README.md').filter((path) => !path.includes('node_modules')),
]

/** The quoted paths of a text: they end in a slash or in a file's ending. */
function pathsIn(text: string): string[] {
  const paths = [...text.matchAll(/`(\w[\w.-]*(?:\/[\w.-]+)*(?:\/|\.(?:ts|json|js|mdx|astro)))`/g)].map(
    ([, path = '']) => path,
  )
  return [...new Set(paths)].filter((path) => path.includes('/'))
}

test('the maps are found, and paths in them', () => {
  expect(documents).toContain('simulator/README.md')
  expect(pathsIn('`a/b.ts`, `b.ts`, `a/`, `GET /`, `<x>/y.ts`')).toEqual(['a/b.ts', 'a/'])
})

test.each(documents)('what %s names is there', (document) => {
  const missing = pathsIn(readFileSync(document, 'utf8')).filter(
    (path) => !['', dirname(document), 'simulator'].some((folder) => existsSync(join(folder, path))),
  )
  expect(missing).toEqual([])
})
