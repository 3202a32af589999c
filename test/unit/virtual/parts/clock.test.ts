import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'

test('events are played by their time, those of the same moment in the order in which they were put in', async () => {
  const clock = new Clock(0)
  const played: string[] = []
  const note = (name: string) => () => void played.push(`${name} at ${clock.now}`)
  clock.schedule(20, note('late'))
  clock.schedule(10, note('first'))
  clock.schedule(10, note('second'))
  await clock.runUntil(15)
  expect(played).toEqual(['first at 10', 'second at 10'])
  expect({ now: clock.now, next: clock.nextAt(), pending: clock.pending, events: clock.events }).toEqual({
    now: 15,
    next: 20,
    pending: 1,
    events: 2,
  })
})

test('what is put in for a moment that has passed is played now', async () => {
  const clock = new Clock(0)
  await clock.runUntil(100)
  let at = -1
  clock.schedule(50, () => {
    at = clock.now
  })
  await clock.runUntil(100)
  expect(at).toBe(100)
})

test('what was taken back is not played, and can be taken back once more', async () => {
  const clock = new Clock(0)
  let played = false
  const due = clock.after(5, () => {
    played = true
  })
  clock.cancel(due)
  clock.cancel(due)
  clock.cancel(undefined)
  await clock.runUntil(10)
  expect(played).toBe(false)
})

test('time stands still until what an event has begun is over', async () => {
  const clock = new Clock(0)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  let settledAt = -1
  clock.after(1, () =>
    promise.then(() => {
      settledAt = clock.now
    }),
  )
  clock.after(2, () => undefined)
  const over = clock.runUntil(10)
  expect(clock.now).toBe(1)
  resolve(undefined)
  await over
  expect(settledAt).toBe(1)
})

test('the date is calendar time', async () => {
  const clock = new Clock(Date.UTC(2024, 4, 1))
  await clock.runUntil(1500)
  expect(clock.date).toBe(Date.UTC(2024, 4, 1, 0, 0, 1, 500))
})
