import { expect, test } from 'vitest'
import en from '../../../content/lab/en.json' with { type: 'json' }
import ko from '../../../content/lab/ko.json' with { type: 'json' }
import zh from '../../../content/lab/zh-cn.json' with { type: 'json' }
import { SENTENCES } from '../../../simulator/machine/view/index.ts'
import { PROGRAMS } from '../../../simulator/shell/programs/index.ts'
import { GROUPS } from '../../../simulator/shell/words.ts'
import { FLOW_BUILTINS } from '../../../simulator/shell/run/builtins.ts'
import { PLURALS, placeholders, texts, type Words } from '../language-file.ts'

const english = texts(en)

test.each([
  ['zh-CN', zh],
  ['ko', ko],
] as const)('%s has every text, with the same placeholders', (_, words: Words) => {
  const own = texts(words)
  expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  for (const [key, forms] of own) {
    for (const form of forms) {
      const first = english.get(key)?.at(-1) ?? ''
      // A language may leave a name out where its sentence needs none, but it may not invent one.
      for (const name of placeholders(form)) expect(placeholders(first), key).toContain(name)
    }
  }
})

test.each([
  ['en', en],
  ['zh-CN', zh],
  ['ko', ko],
] as const)('%s has the plural forms that it needs', (language, words: Words) => {
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
  const check = (part: Words): void => {
    const forms = Object.keys(part)
    if (forms.length > 0 && forms.every((form) => PLURALS.includes(form)))
      expect(forms.toSorted()).toEqual(needed)
    else for (const value of Object.values(part)) if (typeof value !== 'string') check(value)
  }
  check(words)
})

test('every sentence that can be told has words, and no others do', () => {
  expect(Object.keys(en.sentences).toSorted()).toEqual([...SENTENCES].toSorted())
})

test('every program has its line in the help, and every line its place in the list', () => {
  const typed = [...PROGRAMS.map(({ name }) => name), ...Object.keys(FLOW_BUILTINS)]
  const silent = [
    ...['break', 'continue', '.', 'source', 'eval', 'read'],
    ...['return', 'shift', 'local', 'unalias'],
  ]
  const { commands, pages } = en.shell
  expect(Object.keys(commands)).toEqual(
    expect.arrayContaining(typed.filter((name) => !silent.includes(name))),
  )
  for (const names of Object.values(GROUPS))
    for (const name of names.split(' ')) expect(Object.keys(commands)).toContain(name)
  for (const name of Object.keys(pages)) expect(Object.keys(commands)).toContain(name)
})
