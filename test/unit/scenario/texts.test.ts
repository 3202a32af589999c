import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { HINTS, SCENARIOS, type Scenario } from '../../../simulator/scenario/index.ts'
import type { LabTexts } from '../../../src/lab/tasks/texts.ts'

const read = async (language: string, id: string): Promise<LabTexts | undefined> => {
  const path = new URL(`../../../content/labs/${language}/${id}.json`, import.meta.url)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as LabTexts)
}

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id).toSorted()
const keys = (words: object = {}): string[] => Object.keys(words).toSorted()

const labs = SCENARIOS.flatMap((lab: Scenario) =>
  ['en', 'zh-cn', 'ko'].map((language) => ({ language, lab })),
)

test.each(labs.map(({ language, lab }) => ({ name: `${language}/${lab.id}`, language, lab })))(
  '$name says what its lab asks, and nothing else',
  async ({ language, lab }) => {
    const texts = await read(language, lab.id)
    // English is the source; another language may fall back to it.
    if (texts === undefined) return expect(language).not.toBe('en')
    expect(keys(texts.controls)).toEqual(ids(lab.controls))
    expect(keys(texts.predictions)).toEqual(ids(lab.predictions))
    expect(keys(texts.checkpoints)).toEqual(ids(lab.checkpoints))
    expect(texts.able).toHaveLength(3)
    for (const { id, choices } of lab.predictions) {
      expect(keys(texts.predictions[id]?.choices), id).toEqual(ids(choices))
    }
    for (const { id } of lab.checkpoints) expect(texts.checkpoints[id]?.hints, id).toHaveLength(HINTS)
  },
)
