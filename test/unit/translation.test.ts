import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import titles from '../../content/titles.json' with { type: 'json' }
import { headingLines, headingsOf, idsOf } from '../../src/translation/headings.ts'
import { markOf } from '../../src/translation/mark.ts'
import { translations } from '../../src/translation/pages.ts'
import { sectionMarks, wordFiles, wordStates } from '../../src/translation/words.ts'

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

  test('none is behind its English text. After translating: npm run translations -- <page>', () => {
    const behind = all.filter(({ state }) => state === 'behind' || state === 'missing')
    expect(behind.map(({ language, page }) => `${language}/${page}`)).toEqual([])
    expect(all.length).toBeGreaterThan(0)
  })
})

describe('headings', () => {
  test('of English have the ids that Astro gives them', () => {
    const page =
      '---\ntitle: A\n---\n\n## `main:app` is an import\n\n```sh\n## no heading\n```\n\n### Two: *words*, no\n\n## Recap\n\n## Recap\n'
    expect(headingLines(page)).toHaveLength(4)
    expect(idsOf(page)).toEqual(['mainapp-is-an-import', 'two-words-no', 'recap', 'recap-1'])
  })

  const translated = translations('content/docs').filter(({ state }) => state !== 'missing')
  test.each(translated.map(({ language, page }) => ({ name: `${language}/${page}`, page })))(
    '$name has an English id for each of its headings, and links to no other in the page',
    ({ name, page }) => {
      const own = readFileSync(`content/docs/${name}`, 'utf8')
      expect(headingsOf(own)).toHaveLength(headingLines(own).length)
      // An id written by hand would stand twice.
      const byHand = [...own.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id ?? '')
      expect(byHand.filter((id) => headingsOf(own).includes(id))).toEqual([])
      const inPage = [...own.matchAll(/\]\(#([^)]*)\)/g)].map(([, id]) => id)
      expect(inPage.filter((id) => !headingsOf(own).includes(id ?? ''))).toEqual([])
      const [current] = translated.filter((each) => each.page === page && name.startsWith(each.language))
      if (current?.state === 'current')
        expect(headingsOf(own)).toEqual(idsOf(readFileSync(`content/docs/${page}`, 'utf8')))
    },
  )
})

describe('titles', () => {
  const slugs = translations('content/docs')
    .filter(({ language, page }) => language === 'ko' && page !== 'index.mdx')
    .map(({ page }) => page.replace('.mdx', ''))

  test('every page of the sidebar has one in each language, translated or not', () => {
    expect(Object.keys(titles).toSorted()).toEqual(slugs.toSorted())
    for (const title of Object.values(titles)) expect(Object.keys(title)).toEqual(['zh-cn', 'ko'])
  })

  test('are the ones of the translated pages', () => {
    for (const [slug, title] of Object.entries(titles))
      for (const [language, name] of Object.entries(title)) {
        const path = `content/docs/${language}/${slug}.mdx`
        if (existsSync(path)) expect(readFileSync(path, 'utf8')).toContain(`\ntitle: ${name}\n`)
      }
  })
})

describe('the words of the interface', () => {
  test('are in both languages beside each English file, except labs whose chapter is not translated', () => {
    const missing = wordFiles().filter(({ file }) => !existsSync(file))
    expect(missing.filter(({ file }) => !file.startsWith('content/labs/'))).toEqual([])
  })

  test('have a mark a section, and none is behind its English words', () => {
    expect(wordStates().filter((each) => each.behind.length > 0)).toEqual([])
    expect(Object.keys(sectionMarks('content/lab/en.json'))).toContain('sentences')
    expect(Object.keys(sectionMarks('content/gloss/en.json'))).toEqual(['all'])
  })
})
