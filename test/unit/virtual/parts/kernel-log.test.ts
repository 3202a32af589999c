import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { KernelLog } from '../../../../simulator/host/virtual/kernel-log.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'

function log() {
  const clock = new Clock(0)
  const trace = new Trace(clock, 10_000)
  return { clock, trace, log: new KernelLog({ clock, trace }) }
}

test('a line has its time; who listens hears it before the trace does', async () => {
  const { clock, log: it, trace } = log()
  const heard: string[] = []
  it.onLine = (text) => heard.push(`${text}, ${trace.events.length} events before`)
  await clock.runUntil(5)
  it.say('oom')
  expect(it.lines).toEqual([{ at: 5, text: 'oom' }])
  expect(heard).toEqual(['oom, 0 events before'])
  expect(trace.events).toMatchObject([{ type: 'dmesg', text: 'oom' }])
})

test('it is a ring: the newest lines stay; a boot begins with none', () => {
  const { log: it } = log()
  for (let i = 0; i < 5000; i++) it.say(String(i))
  expect(it.lines.length).toBeGreaterThanOrEqual(1000)
  expect(it.lines.length).toBeLessThanOrEqual(2000)
  expect(it.lines.map(({ text }) => Number(text))).toEqual(
    Array.from({ length: it.lines.length }, (_, i) => 5000 - it.lines.length + i),
  )
  it.clear()
  expect(it.lines).toEqual([])
})
