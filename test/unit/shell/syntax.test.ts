import { describe, expect, test } from 'vitest'
import { expandAll, type ExpansionContext } from '../../../simulator/shell/language/expand.ts'
import { readLine } from '../../../simulator/shell/language/read.ts'
import type { AndOr, Command, Script } from '../../../simulator/shell/language/tree.ts'
import { drive } from '../../../simulator/shell/run/flow.ts'

const variables: Record<string, string> = { NAME: 'value', EMPTY: '', MANY: 'a  b', '?': '7' }

const around: ExpansionContext = {
  get: (name) => variables[name],
  strict: false,
  positional: [],
  set: (name, value) => (variables[name] = value),
  // eslint-disable-next-line require-yield -- nothing to wait for
  *capture() {
    return 'one two'
  },
  fileNames: () => ['main.js', 'main.py', 'notes', '.hidden'],
  home: '/home/user',
}

function read(line: string): Script {
  const found = readLine(line)
  if ('problem' in found) throw new Error(`${line}: ${found.problem} ${found.token}`)
  return found.script
}

function stages(item: AndOr): readonly Command[] {
  return item.links.flatMap(({ pipeline }) => pipeline.stages)
}

/** The words of each simple command. */
function words(line: string): string[][] {
  return read(line)
    .flatMap(stages)
    .flatMap((command) => {
      if (command.kind !== 'simple') return []
      let result: string[] = []
      drive(expandAll(command.words, around), (expanded) => (result = expanded))
      return [result]
    })
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
    ['echo $MANY "$MANY"', [['echo', 'a', 'b', 'a  b']]],
    [`echo a"b"'c'`, [['echo', 'abc']]],
    ['echo a#b # a comment', [['echo', 'a#b']]],
    ['  ', []],
    ['# nothing', []],
    ['echo 你好 "안 녕"', [['echo', '你好', '안 녕']]],
    ['echo a\\\nb \\\n c', [['echo', 'ab', 'c']]],
    ['echo $(x y) "$(x)" `x`', [['echo', 'one', 'two', 'one two', 'one', 'two']]],
    ['echo $((1 + 2 * 3)) $(( (1+2)*3 )) $((7/2)) $((2**8))', [['echo', '7', '9', '3', '256']]],
    // NAME is `value`, which is a name that has none; MANY is no expression.
    ['echo $((NAME + 1)) $(( $MANY2 + 2 )) $((0x1f + 010))', [['echo', '1', '2', '39']]],
    ['echo {1..3} {a,b}c {08..10} {x}', [['echo', '1', '2', '3', 'ac', 'bc', '08', '09', '10', '{x}']]],
    ['echo *.js m*.py [mn]o* "*" z*', [['echo', 'main.js', 'main.py', 'notes', '*', 'z*']]],
    ['echo ${NONE:-word} ${NAME:-word} ${NAME:+there} ${#NAME}', [['echo', 'word', 'value', 'there', '5']]],
    ['echo ~ ~/x a~', [['echo', '/home/user', '/home/user/x', 'a~']]],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected)
  })
})

describe('commands', () => {
  test('follow each other, or depend on each other', () => {
    const script = read('a; b && c || d\ne &')
    expect(script.map(({ source, background }) => [source, background])).toEqual([
      ['a', false],
      ['b && c || d', false],
      ['e', true],
    ])
    expect(script[1]?.links.map(({ after }) => after)).toEqual(['', '&&', '||'])
  })

  test('may have variables of their own', () => {
    const [command] = read('WEB_CONCURRENCY=3 uvicorn main:app A=b').flatMap(stages)
    expect(command).toMatchObject({ kind: 'simple', assignments: [{ name: 'WEB_CONCURRENCY' }] })
    expect(words('WEB_CONCURRENCY=3 uvicorn main:app A=b')).toEqual([['uvicorn', 'main:app', 'A=b']])
  })

  test('may write elsewhere, and read from there', () => {
    const [command] = read('curl b >> out 2>&1 < in').flatMap(stages)
    expect(command?.redirects.map(({ stream, operator }) => [stream, operator])).toEqual([
      [1, '>>'],
      [2, '>&'],
      [0, '<'],
    ])
    expect(words('echo a2>x')).toEqual([['echo', 'a2']])
  })

  test('are joined by pipes', () => {
    expect(read('a | b |& c').flatMap(stages)).toHaveLength(3)
  })

  test.each([
    ['for i in 1 2; do a $i; done', 'for'],
    ['for ((i=0; i<3; i++)); do a; done', 'count'],
    ['while true\ndo a\ndone', 'while'],
    ['until a; do b; done', 'while'],
    ['if a; then b; elif c; then d; else e; fi', 'if'],
    ['( a; b )', 'group'],
    ['{ a; b; }', 'group'],
    ['((1+1))', 'arithmetic'],
  ])('%j is a %s', (line, kind) => {
    expect(read(line).flatMap(stages)[0]?.kind).toBe(kind)
  })
})

describe('lines that cannot be read', () => {
  test.each([
    [`echo 'a`, { problem: 'incomplete', token: "'" }],
    ['echo "a', { problem: 'incomplete', token: '"' }],
    ['a &&', { problem: 'incomplete', token: 'newline' }],
    ['for i in 1; do a', { problem: 'incomplete', token: 'done' }],
    ['echo $(a', { problem: 'incomplete', token: ')' }],
    ['; a', { problem: 'unexpected', token: ';' }],
    ['a >', { problem: 'unexpected', token: 'newline' }],
    ['a | | b', { problem: 'unexpected', token: '|' }],
    ['done', { problem: 'unexpected', token: 'done' }],
    ['if a; fi', { problem: 'unexpected', token: 'fi' }],
    ['case a in', { problem: 'incomplete', token: 'esac' }],
    ['f() { a;', { problem: 'incomplete', token: '}' }],
    ['f() echo', { problem: 'unexpected', token: 'echo' }],
    ['[[ -f a', { problem: 'incomplete', token: ']]' }],
    ['select a in b', { problem: 'unsupported', token: 'select' }],
    ['cat <<END', { problem: 'incomplete', token: 'END' }],
    ['cat <<END\na\nEND b', { problem: 'incomplete', token: 'END' }],
    ['cat <<', { problem: 'unexpected', token: 'newline' }],
  ])('%j', (line, problem) => {
    expect(readLine(line)).toEqual(problem)
  })
})
