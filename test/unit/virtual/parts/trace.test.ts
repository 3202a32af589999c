import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'
import type { TraceEvent } from '../../../../simulator/machine/trace.ts'

test('a fact gets its moment and its number, and whoever listens hears of it', async () => {
  const clock = new Clock(0)
  const trace = new Trace(clock, 10)
  const heard: TraceEvent[] = []
  const stop = trace.subscribe((event) => heard.push(event))
  trace.record({ type: 'dmesg', text: 'one' })
  await clock.runUntil(7)
  trace.record({ type: 'dmesg', text: 'two' })
  stop()
  trace.record({ type: 'dmesg', text: 'three' })
  expect(heard).toEqual([
    { type: 'dmesg', text: 'one', at: 0, seq: 0 },
    { type: 'dmesg', text: 'two', at: 7, seq: 1 },
  ])
  expect(trace.events).toHaveLength(3)
})

test('the latest events are kept, and all are counted', () => {
  const trace = new Trace(new Clock(0), 100)
  for (let i = 0; i < 1000; i++) trace.record({ type: 'dmesg', text: String(i) })
  expect(trace.recorded).toBe(1000)
  expect(trace.events.length).toBeGreaterThanOrEqual(100)
  expect(trace.events.length).toBeLessThanOrEqual(125)
  expect(trace.events.at(-1)).toMatchObject({ text: '999', seq: 999 })
})
