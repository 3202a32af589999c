/** Words that somebody typed are looked up in maps: the lint rule that says so bites. */
import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const eslint = new ESLint()
const file = resolve('simulator/shell/complete.ts')
const types = 'const record: Record<string, number> = {}\ndeclare const word: string\n'

async function complaints(code: string): Promise<number> {
  const [result] = await eslint.lintText(`${types}${code}\n`, { filePath: file })
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'house/words-in-maps').length
}

test.each([
  'record[word]',
  'record[`a ${word}`]',
  'record?.[word]',
  'word in record',
  '({ a: 1 } as typeof record)[word]',
])('a word that finds what every object inherits is a defect: %s', async (code) => {
  expect(await complaints(`export const found = ${code}`)).toBe(1)
})

test.each(["record['a']", '[1, 2][record.a ?? 0]', "'a' in record", '[word].map((each) => each.length)'])(
  'and this is none: %s',
  async (code) => {
    expect(await complaints(`export const found = ${code}`)).toBe(0)
  },
)
