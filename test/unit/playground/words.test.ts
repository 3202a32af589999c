import { expect, test } from 'vitest'
import en from '../../../content/playground/en.json' with { type: 'json' }
import ko from '../../../content/playground/ko.json' with { type: 'json' }
import zh from '../../../content/playground/zh-cn.json' with { type: 'json' }
import { placeholders, texts, type Words } from '../language-file.ts'
import { presetOf, presets } from '../../../src/playground/all-presets.ts'
import { withComment } from '../../../src/playground/presets.ts'

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

test.each(presets.map((preset) => ({ name: preset.id, preset })))(
  "$name begins with what it does, in the reader's language, and stays the same application",
  ({ preset }) => {
    const { app, twin } = withComment(preset, en.application.comments[preset.id])
    expect({ app, twin }).toEqual({ app: preset.app, twin: preset.twin })
    for (const words of [zh, ko]) {
      const comment = words.application.comments[preset.id]
      const own = withComment(preset, comment)
      expect(own.app.split('\n')[0]).toBe(`// ${comment}`)
      expect(own.twin.split('\n')[0]).toBe(`# ${comment}`)
      expect(presetOf({ 'main.js': own.app, 'main.py': own.twin })?.id).toBe(preset.id)
      expect(presetOf({ 'main.js': `${own.app}//`, 'main.py': own.twin })).toBeUndefined()
    }
  },
)
