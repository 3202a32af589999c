import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Files } from '../../../../simulator/host/virtual/files.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'

test('files are written, read, listed and removed; the trace and who watches hear of it', () => {
  const trace = new Trace(new Clock(0), 10)
  const files = new Files(trace, { 'main.js': 'one', 'a.txt': '' }, '/home/user/code/awesomeapp')
  const written: string[] = []
  files.watch((path) => written.push(`${path}: ${files.read(path) ?? 'gone'}`))
  files.write('main.js', 'two')
  files.remove('a.txt')
  expect(files.read('main.js')).toBe('two')
  expect(files.read('a.txt')).toBeUndefined()
  expect(files.list()).toEqual(['main.js'])
  expect(written).toEqual(['main.js: two'])
  expect(trace.events.map((event) => event.type === 'file-written' && event.path)).toEqual([
    'main.js',
    'a.txt',
  ])
})
