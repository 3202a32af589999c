import { expect, test } from 'vitest'
import type { Process } from '../../../../simulator/host/virtual/process.ts'
import type { SignalName } from '../../../../simulator/manager/signals.ts'
import { born, bottom } from './support.ts'

/** Gives a process handlers of some signals; the answer are those that they took. */
function handling(process: Process, ...names: SignalName[]): SignalName[] {
  const taken: SignalName[] = []
  process.handlers = {
    handles: (signal) => names.includes(signal),
    signalled: (signal) => void taken.push(signal),
    highestFirst: () => false,
    orphaned: () => undefined,
  }
  return taken
}

test('without a handler a deadly signal ends a process at once', () => {
  const { processes, signals } = bottom()
  const { pid } = born(processes)
  expect(signals.send(pid, 'TERM')).toBe('sent')
  expect(processes.get(pid)).toBeUndefined()
  expect(signals.send(pid, 'TERM')).toBe('no-such-process')
})

test('with one it is taken at the next turn, the lowest first, two of a kind as one', async () => {
  const { clock, processes, signals } = bottom()
  const process = born(processes)
  const taken = handling(process, 'TERM', 'INT', 'HUP')
  for (const signal of ['TERM', 'INT', 'TERM', 'HUP'] as const) signals.send(process.pid, signal)
  expect(taken).toEqual([])
  await clock.runUntil(10)
  expect(taken).toEqual(['HUP', 'INT', 'TERM'])
})

test('a stopped process takes what was sent to it when it goes on, but SIGKILL at once', async () => {
  const { clock, processes, signals, trace } = bottom()
  const process = born(processes)
  const taken = handling(process, 'HUP')
  signals.send(process.pid, 'STOP')
  signals.send(process.pid, 'HUP')
  await clock.runUntil(100)
  expect(taken).toEqual([])
  signals.send(process.pid, 'CONT')
  await clock.runUntil(200)
  expect(taken).toEqual(['HUP'])
  signals.send(process.pid, 'STOP')
  signals.send(process.pid, 'KILL')
  expect(process.alive).toBe(false)
  expect(trace.events.map(({ type }) => type)).toContain('stopped')
})

test("a copy has its parent's handlers for a moment, in which signals are lost", async () => {
  const { clock, processes, signals } = bottom()
  const process = born(processes)
  const taken = handling(process)
  signals.inherit(process, ['TERM'], 50)
  signals.send(process.pid, 'TERM')
  await clock.runUntil(20)
  expect({ taken, alive: process.alive }).toEqual({ taken: [], alive: true })
  await clock.runUntil(60)
  signals.send(process.pid, 'TERM')
  expect(process.alive).toBe(false)
})

test('a process that gets no turn is not ended before that, and may know by what', () => {
  const { processes, signals } = bottom()
  const process = born(processes)
  signals.defer(process, 100)
  signals.send(process.pid, 'INT')
  signals.send(process.pid, 'TERM')
  expect(process.alive).toBe(true)
  expect(signals.takeFatalSignal(process)).toBe('INT')
  expect(signals.fatalSignal(process)).toBeUndefined()
})

test('a terminal sends to the whole job that has it: the one that its shell says, else the youngest', () => {
  const { processes, signals } = bottom()
  const [shell, first, second] = [1, 2, 3].map(() => born(processes, { terminal: 'tty1' }))
  const member = born(processes, { terminal: 'tty1', group: first?.group ?? 0 })
  signals.toForeground('tty1', 'INT')
  expect([shell, first, second, member].map((each) => each?.alive)).toEqual([true, true, false, true])
  signals.giveTerminal('tty1', first?.group ?? 0)
  signals.toForeground('tty1', 'INT')
  expect([shell, first, second, member].map((each) => each?.alive)).toEqual([true, false, false, false])
})
