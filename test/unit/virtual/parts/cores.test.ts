import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Cores, type CoreUser } from '../../../../simulator/host/virtual/cores.ts'

const user = (): CoreUser => ({ frozen: false, waitsForDisk: 0, works: new Set(), cpu: 0 })

test('two on one core take twice as long, and each has used what it computed', async () => {
  const clock = new Clock(0)
  const cores = new Cores(clock, 1)
  const [a, b] = [user(), user()]
  const done: [string, number][] = []
  cores.run(a, 100, () => void done.push(['a', clock.now]))
  cores.run(b, 100, () => void done.push(['b', clock.now]))
  await clock.runUntil(1000)
  expect(done).toEqual([
    ['a', 200],
    ['b', 200],
  ])
  expect([cores.usedBy(a), cores.usedBy(b)]).toEqual([100, 100])
})

test('who is stopped leaves the core to others and goes on where it was', async () => {
  const clock = new Clock(0)
  const cores = new Cores(clock, 1)
  const a = user()
  let doneAt = 0
  cores.run(a, 100, () => {
    doneAt = clock.now
  })
  await clock.runUntil(30)
  a.frozen = true
  cores.suspend(a)
  await clock.runUntil(500)
  expect(cores.usedBy(a)).toBeCloseTo(30)
  a.frozen = false
  cores.resume(a)
  await clock.runUntil(1000)
  expect(doneAt).toBeCloseTo(570)
})

test('what a process that ended was about does not come', async () => {
  const clock = new Clock(0)
  const cores = new Cores(clock, 1)
  const a = user()
  let done = false
  cores.run(a, 100, () => {
    done = true
  })
  await clock.runUntil(40)
  cores.end(a)
  await clock.runUntil(1000)
  expect({ done, cpu: cores.usedBy(a) }).toEqual({ done: false, cpu: 40 })
})
