import { expect, test } from 'vitest'
import type { Guest, GuestAct, GuestTurn } from '../../../../simulator/host/virtual/guest.ts'
import { born, bottom } from './support.ts'

test('a thread does one thing at a time: what comes while it computes waits, in order', async () => {
  const { clock, processes, threads } = bottom()
  const process = born(processes)
  const done: string[] = []
  const note = (name: string) => () => void done.push(`${name} at ${clock.now}`)
  void threads.deliver(process, note('at once'))
  threads.occupy(process, 50)
  void threads.deliver(process, note('first'))
  void threads.deliver(process, note('second'))
  await clock.runUntil(100)
  expect(done).toEqual(['at once at 0', 'first at 50', 'second at 50'])
})

test('of a process that ended nothing is done any more', async () => {
  const { clock, processes, threads } = bottom()
  const process = born(processes)
  let done = 0
  threads.occupy(process, 50)
  void threads.deliver(process, () => void done++)
  threads.setTimer(process, 20, () => void done++)
  threads.leave(process, { code: 0 }, 10)
  await clock.runUntil(100)
  expect(done).toBe(0)
  expect(clock.pending).toBe(0)
})

test('a process has one timer', async () => {
  const { clock, processes, threads } = bottom()
  const process = born(processes)
  const rung: number[] = []
  threads.setTimer(process, 10, () => void rung.push(10))
  threads.setTimer(process, 30, () => void rung.push(30))
  await clock.runUntil(100)
  threads.setTimer(process, 10, () => void rung.push(110))
  threads.cancelTimer(process)
  await clock.runUntil(200)
  expect(rung).toEqual([30])
})

test('what the application does in a turn comes when it has computed so far', async () => {
  const { clock, processes, threads } = bottom()
  const process = born(processes)
  const acts: [string, number][] = []
  const turn: GuestTurn = {
    acts: [
      { type: 'print', stream: 'stdout', text: 'begins', after: 0 },
      { type: 'print', stream: 'stdout', text: 'ends', after: 40 },
    ],
    cpu: 60,
  }
  threads.load(process, guest(turn), (act) => acts.push([text(act), clock.now]))
  void threads.turn(process, { type: 'startup' })
  expect(threads.isBusy(process)).toBe(true)
  await clock.runUntil(100)
  expect(acts).toEqual([
    ['begins', 0],
    ['ends', 40],
  ])
  expect(threads.isBusy(process)).toBe(false)
})

test('while it sleeps in the middle of its code, only its own timer wakes it', async () => {
  const { clock, processes, threads } = bottom()
  const process = born(processes)
  const heard: string[] = []
  const sleeper: Guest = {
    turn({ type, now }) {
      heard.push(`${type} at ${now}`)
      return type === 'startup'
        ? { acts: [], cpu: 0, heldUntil: now + 80, wakeAt: now + 80 }
        : { acts: [], cpu: 0 }
    },
    end: () => undefined,
  }
  threads.load(process, sleeper)
  void threads.turn(process, { type: 'startup' })
  void threads.deliver(process, () => threads.turn(process, { type: 'shutdown' }))
  await clock.runUntil(200)
  expect(heard).toEqual(['startup at 0', 'wake at 80', 'shutdown at 80'])
})

const guest = (turn: GuestTurn): Guest => ({ turn: () => turn, end: () => undefined })
const text = (act: GuestAct): string => (act.type === 'print' ? act.text : '')
