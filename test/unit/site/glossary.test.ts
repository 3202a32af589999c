import { expect, test } from 'vitest'
import glossary from '../../../content/glossary.json' with { type: 'json' }

const terms = Object.values(glossary).flat()

test('every id stands once', () => {
  const ids = terms.map((term) => term.id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test.each(['en', 'zh-cn', 'ko'] as const)('%s: one name per idea, and one sentence to each', (locale) => {
  const names = terms.map((term) => term[locale].term)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(terms.filter((term) => !/[.?。？]$/.test(term[locale].text)).map((term) => term.id)).toEqual([])
})
