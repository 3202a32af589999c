import { describe, expect, test } from 'vitest'
import { expandAll, readLine, type SimpleCommand } from '../../../simulator/shell/syntax.ts'

const variables: Record<string, string> = { NAME: 'value', EMPTY: '', '?': '7' }

function commands(line: string): readonly SimpleCommand[] {
  const read = readLine(line)
  if ('problem' in read) throw new Error(`${line}: ${read.problem} ${read.token}`)
  return read.commands
}

/** The words of each command, and how it depends on the one before. */
function words(line: string): string[][] {
  return commands(line).map(({ words }) => expandAll(words, (name) => variables[name] ?? ''))
}

describe('words', () => {
  test.each([
    ['curl  -s\thttp://x', [['curl', '-s', 'http://x']]],
    [`echo 'a  b' "c  d" e\\ f`, [['echo', 'a  b', 'c  d', 'e f']]],
    [
      `echo "$NAME" '$NAME' $NAME- \${NAME}s \\$NAME`,
      [['echo', 'value', '$NAME', 'value-', 'values', '$NAME']],
    ],
    ['echo $EMPTY "" $?', [['echo', '', '7']]],
    [`echo a"b"'c'`, [['echo', 'abc']]],
    ['echo a#b # a comment', [['echo', 'a#b']]],
    ['  ', []],
    ['# nothing', []],
    ['echo 你好 "안 녕"', [['echo', '你好', '안 녕']]],
    ['echo a\\\nb \\\n c', [['echo', 'ab', 'c']]],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected)
  })
})

describe('commands', () => {
  test('follow each other, or depend on each other', () => {
    expect(commands('a; b && c || d\ne').map(({ after, source }) => [after, source])).toEqual([
      [';', 'a'],
      [';', 'b'],
      ['&&', 'c'],
      ['||', 'd'],
      [';', 'e'],
    ])
  })

  test('may have variables of their own', () => {
    const [command] = commands('WEB_CONCURRENCY=3 uvicorn main:app A=b')
    expect(command?.assignments.map(({ name }) => name)).toEqual(['WEB_CONCURRENCY'])
    expect(command && expandAll(command.words, () => '')).toEqual(['uvicorn', 'main:app', 'A=b'])
  })

  test('may be in the background, or write elsewhere', () => {
    const [first, second] = commands('curl a & curl b >> out 2>&1')
    expect(first?.background).toBe(true)
    expect(second?.redirects).toMatchObject([{ stream: 'both', append: true }])
  })

  test('end a line only where a command is complete', () => {
    expect(commands('a &&\nb').map(({ after }) => after)).toEqual([';', '&&'])
  })
})

describe('lines that cannot be read', () => {
  test.each([
    [`echo 'a`, { problem: 'open-quote', token: "'" }],
    ['echo "a', { problem: 'open-quote', token: '"' }],
    ['; a', { problem: 'unexpected', token: ';' }],
    ['a &&', { problem: 'unexpected', token: 'newline' }],
    ['a >', { problem: 'unexpected', token: 'newline' }],
    ['ps | grep x', { problem: 'unsupported', token: '|' }],
    ['kill $(pgrep x)', { problem: 'unsupported', token: '$(…)' }],
    ['for i in 1 2; do curl x; done', { problem: 'unsupported', token: 'for' }],
  ])('%j', (line, problem) => {
    expect(readLine(line)).toEqual(problem)
  })
})
