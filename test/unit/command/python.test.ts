import { describe, expect, test } from 'vitest'
import { closeMatches, ratio } from '../../../simulator/command/python/close-matches.ts'
import { pythonInt } from '../../../simulator/command/python/int.ts'
import { pythonPath } from '../../../simulator/command/python/path.ts'
import { pythonRepr } from '../../../simulator/command/python/repr.ts'
import { shellSplit } from '../../../simulator/command/python/shlex.ts'

// The expected values are what Python 3.11 gives.

describe('difflib', () => {
  test.each([
    ['abcd', 'bcde', 0.75],
    ['--host', '--bogus', 0.6153846153846154],
    ['tide', 'diet', 0.25],
    ['diet', 'tide', 0.5],
    ['', '', 1],
    ['a', '', 0],
  ])('the ratio of %j and %j is %d', (a, b, expected) => {
    expect(ratio(a, b)).toBe(expected)
  })

  test('the three most alike, of equals the last of the alphabet first', () => {
    expect(closeMatches('appel', ['ape', 'apple', 'peach', 'puppy'])).toEqual(['apple', 'ape'])
    expect(closeMatches('ab', ['abc', 'abd', 'abe', 'abf'])).toEqual(['abf', 'abe', 'abd'])
    expect(closeMatches('x', ['y'])).toEqual([])
  })
})

test.each([
  ["it's", '"it\'s"'],
  ['a"b', "'a\"b'"],
  ['\'"', "'\\'\"'"],
  ['a\\b\n', "'a\\\\b\\n'"],
  ['\u0000\u007f\u00a0\u2028', "'\\x00\\x7f\\xa0\\u2028'"],
  ['한국 🚀', "'한국 🚀'"],
])('repr(%j)', (text, expected) => {
  expect(pythonRepr(text)).toBe(expected)
})

test.each([
  [' 8 ', 8],
  ['+1_000', 1000],
  ['-5', -5],
  ['1__0', undefined],
  ['_1', undefined],
  ['9.5', undefined],
  ['', undefined],
  ['0x1', undefined],
])('int(%j)', (text, expected) => {
  expect(pythonInt(text)).toBe(expected)
})

test.each([
  ["-w 3 --name 'a b'", ['-w', '3', '--name', 'a b']],
  ['a\\ b "c\\"d" \'\'', ['a b', 'c"d', '']],
  ['', []],
])('shlex.split(%j)', (text, words) => {
  expect(shellSplit(text)).toEqual({ words })
})

test('shlex.split of what is not closed', () => {
  expect(shellSplit('"a')).toEqual({ error: 'No closing quotation' })
  expect(shellSplit('a\\')).toEqual({ error: 'No escaped character' })
})

test.each([
  ['./main.py', 'main.py'],
  ['a//b/./c/', 'a/b/c'],
  ['/a', '/a'],
  ['', '.'],
  ['../x', '../x'],
])('Path(%j)', (text, expected) => {
  expect(pythonPath(text)).toBe(expected)
})
