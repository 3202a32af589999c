import { expect, it } from 'vitest'
import { parseDotenv } from '../../../simulator/command/python/dotenv.ts'

/** What python-dotenv 1.2.4 makes of each, with MINE=mine in the environment. */
it.each<[string, Readonly<Record<string, string>>, number[]?]>([
  ['A=a#b', { A: 'a#b' }],
  ['A=a #b', { A: 'a' }],
  ['A=1\nB=${A}x', { A: '1', B: '1x' }],
  ['A= #c\nB=#d', { A: '', B: '#d' }],
  ['A=${MINE}${NO}${NO:-d}', { A: 'minedd'.replace('dd', 'd') }],
  ['MINE=other\nB=${MINE}', { MINE: 'other', B: 'mine' }],
  ['export A=1', { A: '1' }],
  ['A="x\\ny\\"z"', { A: 'x\ny"z' }],
  ["A='it\\'s\\n'", { A: "it's\\n" }],
  ['A="two\nlines"\nB=1', { A: 'two\nlines', B: '1' }],
  ['A', {}],
  ['A=1\nA', {}],
  ['=x\nB=1', { B: '1' }, [1]],
  ['A="b" junk\nB=1', { B: '1' }, [1]],
  ['\n\nA="unclosed\nB=2', { B: '2' }, [1]],
  ["'A B'=c", { 'A B': 'c' }],
  ['\ufeffA=1\r\nB=2\r\n', { A: '1', B: '2' }],
])('%j', (text, variables, wrongLines = []) => {
  expect(parseDotenv(text, { MINE: 'mine' })).toEqual({ variables, wrongLines })
})
