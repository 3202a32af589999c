import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import beliefs from '../../../content/beliefs.json' with { type: 'json' }
import { scenario } from '../../../simulator/scenario/index.ts'

const pageOf = (chapter: string): string =>
  readFileSync(new URL(`../../../content/docs/${chapter}.mdx`, import.meta.url), 'utf8')

test('there are twenty, each once', () => {
  expect(beliefs.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test.each(beliefs)('$id, “$belief”, is put to the test by a question in its chapter', ({ tasks }) => {
  const named = tasks.map((task) => {
    const [chapter = '', id = ''] = task.split('/')
    const { predictions, checkpoints } = scenario(chapter)
    const question = predictions.some((each) => each.id === id)
    expect(question || checkpoints.some((each) => each.id === id), task).toBe(true)
    // A question is asked where the chapter comes to it, not only in the lab's own list.
    if (question) expect(pageOf(chapter), task).toContain(`<Ask task="${id}" />`)
    return question
  })
  expect(named).toContain(true)
})
