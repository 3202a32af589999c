import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { stripAnsi } from '../../../simulator/terminal/index.ts'
import { glossOf } from '../../../src/components/gloss.ts'
import { glossesOf } from '../../../src/components/locale.ts'
import { recording } from '../../../src/components/transcripts.ts'

const content = new URL('../../../content/', import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, content), 'utf8'))

/** Every text of a nested object, by its path. */
function texts(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') return [[path, words]]
  return Object.entries(words as object).flatMap(([key, value]) => texts(value, `${path}/${key}`))
}
const placeholders = (text: string): string[] => (text.match(/\{\{?\w+\}?\}/g) ?? []).toSorted()

describe.each([
  ['i18n', 'en.json', ['zh-CN.json', 'ko.json'], 'pagefind.'],
  ['gloss', 'en.json', ['zh-cn.json', 'ko.json'], undefined],
  ['reference', 'en.json', ['zh-cn.json', 'ko.json'], undefined],
] as const)('content/%s', (folder, source, translations, builtInEnglish) => {
  test.each(translations)('%s has every text of the English one, with the same placeholders', (file) => {
    const english = texts(read(`${folder}/${source}`))
    const translated = texts(read(`${folder}/${file}`)).filter(
      ([path]) => builtInEnglish === undefined || !path.startsWith(`/${builtInEnglish}`),
    )
    expect(translated.map(([path]) => path)).toEqual(english.map(([path]) => path))
    // A gloss has the placeholders in its key alone.
    if (folder === 'gloss') return
    expect(translated.map(([, text]) => placeholders(text))).toEqual(
      english.map(([, text]) => placeholders(text)),
    )
  })
})

describe('glosses', () => {
  const names = readdirSync(new URL('transcripts/', content), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.txt'))
    .map((path) => path.slice(0, -'.txt'.length))
  const glosses = glossesOf('en')
  /** Lines of the banner that belong to the gloss of the line after them, and the other version's banner. */
  const without =
    /Searching for package|__init__\.py files|Importing the FastAPI app|^\s*code:$|Starting FastAPI in production mode/

  test.each(names)('every kind of line of %s has one', (name) => {
    const missing = recording(name)
      .lines.map(stripAnsi)
      .filter((line) => line.trim() !== '' && !without.test(line) && glossOf(line, glosses) === undefined)
    expect(missing).toEqual([])
  })

  test('every one is of a line that some recording has', () => {
    const lines = names.flatMap((name) => recording(name).lines.map(stripAnsi))
    const used = new Set(lines.map((line) => glossOf(line, glosses)?.key))
    expect(Object.keys(glosses).filter((key) => !used.has(key))).toEqual([])
  })

  test('the longest key wins, and the column is where the line’s own text begins', () => {
    expect(glossOf('INFO:     Shutting down', glosses)?.key).toBe('Shutting down')
    expect(glossOf('[2026-01-01 00:00:00 +0000] [7] [INFO] Shutting down: Master', glosses)?.key).toBe(
      'Shutting down: Master',
    )
    expect(glossOf('INFO:     Started server process [7]', glosses)?.column).toBe(10)
    expect(glossOf('nothing that a server says', glosses)).toBeUndefined()
  })
})
