import { expect, test } from 'vitest'
import en from '../../../content/playground/en.json' with { type: 'json' }
import ko from '../../../content/playground/ko.json' with { type: 'json' }
import zh from '../../../content/playground/zh-cn.json' with { type: 'json' }
import { presets } from '../../../src/playground/presets.ts'

type Words = { readonly [key: string]: string | Words }

const PLURALS = ['zero', 'one', 'two', 'few', 'many', 'other']

/** Each text by its path; the forms of a plural are one text. */
function texts(words: Words, path = ''): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [key, value] of Object.entries(words)) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(here, [value])
    else if (Object.keys(value).every((form) => PLURALS.includes(form))) {
      found.set(here, Object.values(value).map(String))
    } else for (const [below, forms] of texts(value, here)) found.set(below, forms)
  }
  return found
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()

test.each([
  ['zh-CN', zh],
  ['ko', ko],
] as const)('%s has every text, with the same placeholders', (_, words: Words) => {
  const english = texts(en)
  const own = texts(words)
  expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  for (const [key, forms] of own) {
    for (const form of forms)
      expect(placeholders(form), key).toEqual(placeholders(english.get(key)?.at(-1) ?? ''))
  }
})

test('every preset has a name and something to try', () => {
  const ids = presets.map(({ id }) => id)
  expect(Object.keys(en.application.presets)).toEqual(ids)
  expect(Object.keys(en.application.try)).toEqual(ids)
})
