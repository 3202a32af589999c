import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import glossary from '../../../content/glossary.json' with { type: 'json' }

interface Name {
  readonly term: string
  readonly text: string
  /** Other words for the same idea, which this guide does not use; some are right in another context. */
  readonly avoid?: readonly (string | { readonly word: string; readonly except: string })[]
}
type Locale = 'en' | 'zh-cn' | 'ko'
type Term = { readonly id: string } & Readonly<Record<Locale, Name>>

const terms: readonly Term[] = Object.values(glossary).flat()
const DOCS = new URL('../../../content/docs/', import.meta.url)

/** What the chapters of a language say in their own words: without code, what programs print, and tags. */
const prose = (locale: Locale): { name: string; text: string }[] => {
  const folder = new URL(locale === 'en' ? './' : `${locale}/`, DOCS)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => ({
      name,
      text: readFileSync(new URL(name, folder), 'utf8')
        .replace(/^---\n[\s\S]*?\n---\n/, '')
        .replaceAll(/^import .*$/gm, '')
        .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
        .replaceAll(/<[A-Z/][^>]*>/g, '')
        .replaceAll(/\]\([^)]*\)/g, ']')
        .replaceAll(/`[^`]*`/g, ''),
    }))
}
/** A Latin word has ends; in Chinese and Korean other signs may follow. */
const uses = (text: string, word: string): boolean =>
  new RegExp(/^[a-z]/i.test(word) ? `\\b${word}(?:e?s)?\\b` : word, 'i').test(text)

test('every id stands once', () => {
  const ids = terms.map((term) => term.id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test.each(['en', 'zh-cn', 'ko'] as const)('%s: one name per idea, and one sentence to each', (locale) => {
  const names = terms.map((term) => term[locale].term)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(terms.filter((term) => !/[.?。？]$/.test(term[locale].text)).map((term) => term.id)).toEqual([])
})

// What Chinese and Korean avoid is tested on pages and words together: test/lint/languages.
describe('the prose', () => {
  const pages = prose('en')

  test.each(pages.map(({ name }) => name))(
    '%s uses the terms of the glossary, and no others for them',
    (name) => {
      const text = pages.find((page) => page.name === name)?.text ?? ''
      const used = terms.flatMap((term) =>
        (term.en.avoid ?? [])
          .map((each) => (typeof each === 'string' ? each : each.word))
          .filter((word) => uses(text, word))
          .map((word) => `${word}: say ${term.en.term}`),
      )
      expect(used).toEqual([])
    },
  )
})

test('every term of the glossary is used in some chapter', () => {
  const all = prose('en')
    .filter(({ name }) => name !== 'glossary.mdx')
    .map(({ text }) => text)
    .join('\n')
  const plain = (term: string): string => term.replace(/ \(.*\)$/, '').replace(' - ', ' (?:-|–) ')
  expect(terms.map(({ en }) => plain(en.term)).filter((term) => !uses(all, term))).toEqual([])
})

test('no term is one that is avoided', () => {
  for (const locale of ['en', 'zh-cn', 'ko'] as const) {
    const avoided = terms.flatMap((term) => term[locale].avoid ?? [])
    expect(terms.map((term) => term[locale].term).filter((term) => avoided.includes(term))).toEqual([])
  }
})
