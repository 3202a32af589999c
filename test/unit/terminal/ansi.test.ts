import { expect, test } from 'vitest'
import { stripAnsi, width } from '../../../simulator/terminal/index.ts'

test('stripAnsi takes colours and hyperlinks away and leaves the text', () => {
  expect(stripAnsi('\u001b[32mINFO\u001b[0m:     \u001b[36m\u001b[1m100\u001b[0m [x]')).toBe(
    'INFO:     100 [x]',
  )
  expect(
    stripAnsi('at \u001b]8;id=1;http://a/\u001b\\\u001b[4;94mhttp://a/\u001b[0m\u001b]8;;\u001b\\!'),
  ).toBe('at http://a/!')
  expect(stripAnsi('\u001b]0;title\u0007text')).toBe('text')
})

test.each([
  ['abc', 3],
  ['🚀', 2],
  ['한국어', 6],
  ['e\u0301', 1],
  ['', 0],
])('the width of %j is %i', (text, columns) => {
  expect(width(text)).toBe(columns)
})
