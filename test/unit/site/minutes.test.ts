import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { minutes } from '../../../src/components/minutes.ts'

const LONGEST = 10
const FOLDERS = { en: 'content/docs', 'zh-CN': 'content/docs/zh-cn', ko: 'content/docs/ko' }

test.each(Object.entries(FOLDERS))('in %s each page reads in at most ten minutes', (language, folder) => {
  const long = readdirSync(folder)
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }))
    .map(({ name, text }) => ({
      name,
      minutes: minutes(text.replace(/^---\n[\s\S]*?\n---\n/, ''), language),
    }))
    .filter((page) => page.minutes > LONGEST)
  expect(long).toEqual([])
})

test('a page of 2,200 words is longer', () => {
  expect(minutes('word '.repeat(2200), 'en')).toBeGreaterThan(LONGEST)
})
