import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Processes } from '../../../../simulator/host/virtual/processes.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'
import type { ExitStatus } from '../../../../simulator/manager/machine.ts'
import { born } from './support.ts'

function table() {
  const clock = new Clock(0)
  const trace = new Trace(clock, 100)
  return { trace, processes: new Processes({ clock, trace }, 100) }
}

test('PIDs count on; shells have older ones as long as there are any', () => {
  const { processes } = table()
  const shells = Array.from({ length: 23 }, () =>
    processes.begin('-bash', 'tty1', undefined, { kind: 'shell' }),
  )
  expect(processes.newPid()).toBe(101)
  expect(shells.slice(0, 3)).toEqual([36, 39, 42])
  expect(shells.slice(-3)).toEqual([96, 99, 100])
})

test('a process that nobody waits for is off the table when it ends', () => {
  const { trace, processes } = table()
  const ends: ExitStatus[] = []
  const { pid } = born(processes, { onEnd: (status) => ends.push(status) })
  processes.end(pid, 3)
  processes.end(pid, 4)
  expect(ends).toEqual([{ code: 3 }])
  expect(processes.get(pid)).toBeUndefined()
  expect(trace.events.map(({ type }) => type)).toEqual(['forked', 'ended', 'reaped'])
})

test('a worker that ended is a zombie until its manager has seen it', () => {
  const { processes } = table()
  const manager = born(processes, { kind: 'manager' })
  const seen: (() => void)[] = []
  manager.childEnded = (_, __, reap) => seen.push(reap)
  const worker = born(processes, { kind: 'worker', ppid: manager.pid })
  processes.terminate(worker, { signal: 'KILL' })
  expect(processes.get(worker.pid)?.alive).toBe(false)
  for (const reap of seen) reap()
  expect(processes.get(worker.pid)).toBeUndefined()
})

test('the children of a process that ends are those of the init system, and hear of it if they look', () => {
  const { processes } = table()
  const manager = born(processes, { kind: 'manager' })
  const worker = born(processes, { kind: 'worker', ppid: manager.pid })
  let orphaned = 0
  worker.handlers = {
    handles: () => false,
    signalled: () => undefined,
    highestFirst: () => false,
    orphaned: () => (orphaned += 1),
  }
  processes.terminate(manager, { code: 0 })
  expect({ ppid: worker.ppid, orphaned }).toEqual({ ppid: 1, orphaned: 1 })
})

test('parts of the kernel hear of births and ends, in the order in which they asked', () => {
  const { processes, trace } = table()
  const heard: string[] = []
  for (const name of ['a', 'b'])
    processes.watch({
      born: () => heard.push(`${name} born`),
      stopped: () => heard.push(`${name} stopped after ${trace.events.at(-1)?.type}`),
      ended: () => heard.push(`${name} ended`),
      gone: ({ pid }) => heard.push(`${name} gone, ${processes.get(pid) === undefined ? 'reaped' : 'there'}`),
    })
  processes.terminate(born(processes), { code: 0 })
  expect(heard).toEqual([
    'a born',
    'b born',
    'a stopped after forked',
    'b stopped after forked',
    'a ended',
    'b ended',
    'a gone, reaped',
    'b gone, reaped',
  ])
})
