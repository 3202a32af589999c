import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { brokenFiles, writeIndex } from '../../../src/build/search-index.ts'

/** A site of one page, with an index. */
async function site(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sw-search-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'page'))
  writeFileSync(
    join(folder, 'page/index.html'),
    '<html lang="ko"><body><main><h1>프로세스</h1></main></body></html>',
  )
  await writeIndex(folder)
  return folder
}

test('an index that was written whole has no broken file; one that is empty or cut off is named, and mended', async () => {
  const folder = await site()
  const index = join(folder, 'pagefind')
  expect(readdirSync(index)).toContain('pagefind.js')
  expect(brokenFiles(`${index}/`)).toEqual([])

  truncateSync(join(index, 'wasm.unknown.pagefind'), 100)
  truncateSync(join(index, 'pagefind.js'), 0)
  expect(brokenFiles(`${index}/`).toSorted()).toEqual(['pagefind.js', 'wasm.unknown.pagefind'])
  await writeIndex(folder)
  expect(brokenFiles(`${index}/`)).toEqual([])
})
