import { expect, test } from 'vitest'
import { withRealValues } from '../../../src/components/real-values.ts'
import { recording } from '../../../src/components/transcripts.ts'

const NAME = /<(?:parent|worker|w\d+|ts|port|n)>/

test('names of processes become PIDs, each its own and the same everywhere', () => {
  expect(withRealValues(['[<parent>]', '[<w1>] [<w2>]', '[<w1>]'], 'x')).toEqual([
    '[27365]',
    '[27367] [27368]',
    '[27367]',
  ])
})

test('a time of day is that of the line in the recording, and days have 24 hours', () => {
  const moments = [
    { at: 0.2, source: 'out', text: '[<ts>] a' },
    { at: 4, source: 'step', text: 'kill' },
    { at: 86_401, source: 'out', text: '[<ts>] a' },
  ]
  expect(withRealValues(['[<ts>] a', '[<ts>] a'], 'x', moments)).toEqual([
    '[2026-11-20 20:38:36 +0000] a',
    '[2026-11-21 20:38:37 +0000] a',
  ])
})

test('a line whose time nobody kept is named', () => {
  expect(() => withRealValues(['[<ts>] a'], 'gunicorn-1/x')).toThrow(
    'content/transcripts/gunicorn-1/x.times.tsv',
  )
})

test('each request comes from a port of its own', () => {
  const [first, second] = withRealValues(['127.0.0.1:<port>', '127.0.0.1:<port>'], 'x')
  expect(first).toMatch(/^127\.0\.0\.1:\d{5}$/)
  expect(second).not.toBe(first)
})

const files = Object.keys(import.meta.glob('../../../content/transcripts/**/*.txt')).map((file) =>
  file.replace(/^.*transcripts\//, '').replace(/\.txt$/, ''),
)
test.each(files)('%s shows no name of a recording', (name) => {
  expect(recording(name).lines.filter((line) => NAME.test(line))).toEqual([])
})
