import { describe, expect, test } from 'vitest'
import { markOf } from '../../src/translation/mark.ts'
import { translations } from '../../src/translation/pages.ts'

describe('the mark of a text', () => {
  const page = (front: string, body: string) => `---\n${front}\n---\n\n${body}\n`

  test('does not change with the front matter, nor with the ends of lines', () => {
    const mark = markOf(page('title: A', 'One.\n\nTwo.'))
    expect(mark).toMatch(/^[0-9a-f]{12}$/)
    expect(markOf(page('title: B', 'One.\n\nTwo.'))).toBe(mark)
    expect(markOf(page('title: A', 'One.\n\nTwo.').replaceAll('\n', '\r\n'))).toBe(mark)
    expect(markOf('One.\n\nTwo.')).toBe(mark)
  })

  test('changes with the text', () => {
    expect(markOf(page('title: A', 'One.'))).not.toBe(markOf(page('title: A', 'Two.')))
  })
})

describe('the translations', () => {
  const all = translations('content/docs')

  test('each says which English text it translates', () => {
    expect(all.filter(({ state }) => state === 'unmarked' || state === 'without-source')).toEqual([])
  })

  test('what is behind is listed', () => {
    const behind = all
      .filter(({ state }) => state === 'behind')
      .map(({ language, page }) => `${language}/${page}`)
    const missing = all.filter(({ state }) => state === 'missing').length
    console.log(
      behind.length === 0
        ? `No translated page is behind its English text; ${missing} pages are not translated yet.`
        : `Behind their English text: ${behind.join(', ')}; not translated yet: ${missing}. After translating: npm run translations -- <page>`,
    )
    expect(all.length).toBeGreaterThan(0)
  })
})
