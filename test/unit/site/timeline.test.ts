import { expect, test } from 'vitest'
import { pidsOf, timeline } from '../../../src/components/timeline.ts'
import { moments, recording } from '../../../src/components/transcripts.ts'
import { stripAnsi } from '../../../simulator/terminal/index.ts'

const name = 'uvicorn-0.54.0/kill9-worker'

test('a killed worker and its successor share a place', () => {
  const { lines } = recording(name)
  const drawn = timeline(moments(name), pidsOf(lines.map(stripAnsi)))

  expect(drawn.parent).toBe('27365')
  expect(drawn.places.map((lives) => lives.map((life) => life.pid))).toEqual([
    ['27367', '27371'],
    ['27368'],
    ['27369'],
    ['27370'],
  ])
  expect(drawn.places[0]).toEqual([
    { pid: '27367', bootsAt: 0.11, readyAt: 0.45, killedAt: 1.22, noticedAt: 1.63 },
    { pid: '27371', bootsAt: 1.63, readyAt: 1.8 },
  ])
})

test('a recording without a parent is refused', () => {
  expect(() =>
    timeline([{ at: 0, source: 'out', text: 'INFO:     Started server process [<w1>]' }], []),
  ).toThrow('Expected a recording with the line "Started parent process".')
})

test('a transcript that does not exist is named, with those that do', () => {
  expect(() => recording('uvicorn-9/start')).toThrow(
    /No transcript uvicorn-9\/start\. There are: .*uvicorn-0\.54\.0\/ctrl-c/,
  )
})
