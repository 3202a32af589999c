import { describe, expect, test } from 'vitest'
import { readProgress } from '../../../src/progress/index.ts'
import { tasksOf } from '../../../src/progress/tasks.ts'

describe('a file with progress', () => {
  test('is read back', () => {
    const done = { 'restarts/boss': '2026-11-25T19:00:00.000Z' }
    expect(readProgress(JSON.stringify({ version: 1, done }))).toEqual({ version: 1, done })
  })

  test('loses what is no task', () => {
    const done = { 'restarts/boss': '2026-11-25', '<b>': 'x', 'a/b': 7 }
    expect(readProgress(JSON.stringify({ version: 1, done })).done).toEqual({ 'restarts/boss': '2026-11-25' })
  })

  test('of more tasks than there are is refused', () => {
    const done = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`a/t${index}`, 'x']))
    expect(() => readProgress(JSON.stringify({ version: 1, done }))).toThrow('at most 1000 tasks')
    expect(() => readProgress(' '.repeat(2_000_000))).toThrow('at most 1000000 characters')
  })

  test.each(['', 'null', '[]', '{"version":2,"done":{}}', '{"version":1}'])('%s is refused', (text) => {
    expect(() => readProgress(text)).toThrow('expected {"version": 1')
  })
})

test('a chapter with a lab has tasks, another has none', () => {
  expect(tasksOf('restarts')).toContain('restarts/boss')
  expect(tasksOf('choosing')).toEqual([])
})
