import { expect, test } from 'vitest'
import { pidsOf, timeline } from '../../../src/components/timeline.ts'
import { moments, recording } from '../../../src/components/transcripts.ts'
import { stripAnsi } from '../../../simulator/terminal/index.ts'

const name = 'uvicorn-0.51.0/kill9-worker'

test('a killed worker and its successor share a place', () => {
  const { lines } = recording(name)
  const drawn = timeline(moments(name), pidsOf(lines.map(stripAnsi)))

  expect(drawn.parent).toBe('29982')
  expect(drawn.places.map((lives) => lives.map((life) => life.pid))).toEqual([
    ['29987'],
    ['29988', '30064'],
    ['29989'],
    ['29990'],
  ])
  expect(drawn.places[1]).toEqual([
    { pid: '29988', bootsAt: 0.13, readyAt: 0.43, killedAt: 1.19, noticedAt: 1.66 },
    { pid: '30064', bootsAt: 1.66, readyAt: 1.77 },
  ])
})

test('a recording without a parent is refused', () => {
  expect(() =>
    timeline([{ at: 0, source: 'out', text: 'INFO:     Started server process [<w1>]' }], []),
  ).toThrow('Expected a recording with the line "Started parent process".')
})

test('a transcript that does not exist is named, with those that do', () => {
  expect(() => recording('uvicorn-9/start')).toThrow(
    /No transcript uvicorn-9\/start\. There are: .*uvicorn-0\.51\.0\/ctrl-c/,
  )
})
