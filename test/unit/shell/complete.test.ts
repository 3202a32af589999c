import { expect, test } from 'vitest'
import { complete } from '../../../simulator/shell/complete.ts'
import { nearest } from '../../../simulator/shell/suggest.ts'
import { wrap } from '../../../simulator/shell/wrap.ts'

const process = (pid: number, kind: 'manager' | 'worker' | 'command') => ({
  pid,
  ppid: 1,
  kind,
  command: '',
  state: 'S' as const,
  startedAt: 0,
  cpu: 0,
  memory: 0,
  terminal: undefined,
  group: pid,
  foreground: false,
})

const source = {
  system: {
    listFiles: () => ['main.js', 'main.py', 'notes'],
    processes: () => [process(27365, 'manager'), process(27367, 'worker'), process(301, 'command')],
  },
  commands: ['cat', 'clear', 'curl', 'kill', 'uvicorn'],
  words: { uvicorn: ['main:app', '--workers 4', '--host 0.0.0.0'], curl: ['http://127.0.0.1:8080/'] },
}

/** The line after Tab, and what there was to choose from. */
function tab(line: string, cursor = line.length): [string, readonly string[]] {
  const { start, text, candidates } = complete(line, cursor, source)
  return [line.slice(0, start) + text + line.slice(cursor), candidates]
}

test.each([
  ['uv', 'uvicorn ', ['uvicorn']],
  ['c', 'c', ['cat', 'clear', 'curl']],
  ['cat m', 'cat main.', ['main.js', 'main.py']],
  ['cat main.p', 'cat main.py ', ['main.py']],
  ['uvicorn ma', 'uvicorn main', ['main.js', 'main.py', 'main:app']],
  ['uvicorn main:', 'uvicorn main:app ', ['main:app']],
  ['uvicorn main:app --w', 'uvicorn main:app --workers 4 ', ['--workers 4']],
  ['kill -9 2', 'kill -9 2736', ['27365', '27367']],
  ['kill -TT', 'kill -TT', ['-TTIN', '-TTOU']],
  ['curl h', 'curl http://127.0.0.1:8080/ ', ['http://127.0.0.1:8080/']],
  ['A=b ki', 'A=b kill ', ['kill']],
  ['ls; cat n', 'ls; cat notes ', ['notes']],
  ['zzz', 'zzz', []],
])('Tab after %j', (line, completed, candidates) => {
  expect(tab(line)).toEqual([completed, candidates])
})

test('only the word before the cursor is completed', () => {
  expect(tab('ca main.py', 2)[0]).toBe('cat  main.py')
})

test.each([
  ['crul', 'curl'],
  ['kil', 'kill'],
  ['uvcorn', 'uvicorn'],
  ['cat', 'cat'],
  ['docker', undefined],
  ['x', undefined],
])('the nearest name to %j is %j', (typed, name) => {
  expect(nearest(typed, source.commands)).toBe(name)
})

test.each([
  ['LS', 'ls'],
  ['sl', 'ls'],
  ['lz', undefined],
])('of two letters, the nearest name to %j is %j', (typed, name) => {
  expect(nearest(typed, ['ls', 'ps', 'lsof'])).toBe(name)
})

test.each([
  ['one two three', 8, 0, ['one two', 'three']],
  ['one two three', 9, 2, ['one two', '  three']],
  ['这台小机器上没有它。', 8, 0, ['这台小机', '器上没有', '它。']],
  ['이 작은 머신에는 없습니다.', 14, 0, ['이 작은', '머신에는', '없습니다.']],
  ['extraordinarily long', 5, 0, ['extraordinarily', 'long']],
])('%j in %i columns', (text, columns, indent, lines) => {
  expect(wrap(text, columns, indent)).toEqual(lines)
})
