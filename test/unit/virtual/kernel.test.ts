import { expect, test } from 'vitest'
import type { Guest, GuestAct, GuestFactory, GuestTurn } from '../../../simulator/host/virtual/guest.ts'
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { launched, settingsOf } from './machine.ts'

test('the same seed gives the same trace', async () => {
  const traces = await Promise.all(
    [7, 7].map(async (seed) => {
      const { kernel } = launched(settingsOf('uvicorn', 4), seed)
      await kernel.runUntil(3000)
      return kernel.trace
    }),
  )
  expect(traces[0]).toEqual(traces[1])
  expect(traces[0]?.length).toBeGreaterThan(20)
})

test('other seeds give other interleavings of the workers', async () => {
  const texts = await Promise.all(
    Array.from({ length: 12 }, async (_, seed) => {
      const { kernel, text } = launched(settingsOf('uvicorn', 4), seed)
      await kernel.runUntil(3000)
      return text()
    }),
  )
  expect(new Set(texts).size).toBeGreaterThan(6)
})

test('stepping to the end is the same as running to it', async () => {
  const stepped = launched(settingsOf('gunicorn', 3), 5)
  const ran = launched(settingsOf('gunicorn', 3), 5)
  while ((stepped.kernel.nextAt() ?? Infinity) <= 2000) await stepped.kernel.step()
  await ran.kernel.runUntil(2000)
  expect(stepped.kernel.trace).toEqual(ran.kernel.trace)
})

test('a connection to a port that nobody listens on is refused', async () => {
  const { kernel } = launched(settingsOf('uvicorn', 2), 1)
  await kernel.runUntil(2000)
  const ends: string[] = []
  const request = { host: '127.0.0.1', port: 9999, method: 'GET', target: '/' }
  kernel.request(request, { onEnd: (end) => ends.push(end) })
  await kernel.runUntil(2100)
  expect(ends).toEqual(['refused'])
})

test('while no worker accepts, connections wait in the backlog and are answered later', async () => {
  const { kernel, workers } = launched(settingsOf('uvicorn', 2), 1)
  await kernel.runUntil(2000)
  for (const { pid } of workers()) kernel.signal(pid, 'KILL')
  const ends: string[] = []
  const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/' }
  kernel.request(request, { onEnd: (end) => ends.push(end) })
  await kernel.runUntil(2001)
  expect(kernel.trace.findLast((event) => event.type === 'backlog')).toMatchObject({ waiting: 1 })
  expect(ends).toEqual([])
  await kernel.runUntil(5000)
  expect(ends).toEqual(['answered'])
})

test('a client that loses patience leaves the backlog', async () => {
  const { kernel, workers } = launched(settingsOf('uvicorn', 2), 1)
  await kernel.runUntil(2000)
  for (const { pid } of workers()) kernel.signal(pid, 'STOP')
  const ends: string[] = []
  const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/', patience: 500 }
  kernel.request(request, { onEnd: (end) => ends.push(end) })
  await kernel.runUntil(2600)
  expect(ends).toEqual(['gave-up'])
  expect(kernel.trace.findLast((event) => event.type === 'backlog')).toMatchObject({ waiting: 0 })
})

test('a stopped worker goes on where it was', async () => {
  const { kernel, workers } = launched(settingsOf('gunicorn', 1, { timeout: 0 }), 3)
  await kernel.runUntil(2000)
  const [worker] = workers()
  const ends: [string, number][] = []
  const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/slow/1' }
  kernel.request(request, { onEnd: (end) => ends.push([end, kernel.now]) })
  await kernel.runUntil(2500)
  kernel.signal(worker?.pid ?? 0, 'STOP')
  await kernel.runUntil(6000)
  expect(ends).toEqual([])
  kernel.signal(worker?.pid ?? 0, 'CONT')
  await kernel.runUntil(6500)
  expect(ends).toEqual([['answered', 6000]])
})

test("Python's helper process goes when the last process that could need it has gone", async () => {
  const { kernel, manager, workers } = launched(settingsOf('uvicorn', 2), 1)
  await kernel.runUntil(2000)
  const helper = kernel.processes().find((each) => each.kind === 'helper')
  expect(helper?.pid).toBe(manager + 1)
  kernel.signal(manager, 'KILL')
  await kernel.runUntil(3000)
  expect(
    kernel
      .processes()
      .map((each) => each.kind)
      .toSorted(),
  ).toEqual(['helper', 'worker', 'worker'])
  for (const { pid } of workers()) kernel.signal(pid, 'TERM')
  await kernel.runUntil(6000)
  expect(kernel.processes()).toEqual([])
})

test('an empty machine rests: nothing is due', async () => {
  const { kernel, manager, run } = launched(settingsOf('uvicorn', 4), 9)
  await kernel.runUntil(2000)
  kernel.signal(manager, 'TERM')
  await kernel.runUntil(10_000)
  expect(run.ended).toEqual({ code: 0 })
  expect(kernel.nextAt()).toBeUndefined()
})

test('an exception after the head was sent cuts the answer off', async () => {
  const kernel = new Kernel({ seed: 1, factory: () => lateFailure, files: { 'main.js': '' } })
  kernel.launch({ settings: settingsOf('uvicorn', 2), command: 'uvicorn main:app', env: {} })
  await kernel.runUntil(2000)
  const heads: number[] = []
  const ends: string[] = []
  kernel.request(
    { host: '127.0.0.1', port: 8080, method: 'GET', target: '/' },
    { onHead: ({ status }) => heads.push(status), onEnd: (end) => ends.push(end) },
  )
  await kernel.runUntil(2100)
  expect({ heads, ends }).toEqual({ heads: [200], ends: ['cut-off'] })
})

test('fastapi run waits for an import that takes its time', async () => {
  const kernel = new Kernel({ seed: 1, factory: slowImport, files: { 'main.js': '' } })
  const listens = () => kernel.trace.find((event) => event.type === 'listening')?.at
  kernel.launch({ settings: settingsOf('fastapi', 2), command: 'fastapi run', env: {} })
  await kernel.runUntil(900)
  expect(listens()).toBeUndefined()
  await kernel.runUntil(3000)
  expect(listens()).toBeGreaterThan(1000)
})

const lateFailure: Guest = {
  turn(input) {
    const turn = (...acts: GuestAct[]): GuestTurn => ({ acts, cpu: 0 })
    if (input.type === 'import') return turn({ type: 'imported', after: 0 })
    if (input.type === 'startup') return turn({ type: 'started', supported: true, after: 0 })
    if (input.type !== 'request') return turn()
    const { id } = input.request
    const raised = { name: 'Error', message: 'late', frames: [] }
    return turn(
      { type: 'head', id, status: 200, headers: [], after: 0 },
      { type: 'request-raised', id, raised, after: 0 },
    )
  },
  end: () => undefined,
}

const slowImport: GuestFactory = () => ({
  turn({ type, now }) {
    if (type === 'import') return { acts: [], cpu: 0, wakeAt: now + 1000 }
    if (type === 'startup') return { acts: [{ type: 'started', supported: true, after: 0 }], cpu: 0 }
    return { acts: type === 'wake' ? [{ type: 'imported', after: 0 }] : [], cpu: 0 }
  },
  end: () => undefined,
})

test("what the manager sends between a worker's last lines keeps none of them from being said", async () => {
  const counts = await Promise.all(
    Array.from({ length: 100 }, async (_, seed) => {
      const { kernel, text, run } = launched(settingsOf('uvicorn', 4), seed)
      await kernel.runUntil(3000)
      kernel.interrupt('server')
      await kernel.runUntil(6000)
      expect(run.ended).toBeDefined()
      return text().split('Finished server process').length - 1
    }),
  )
  expect(new Set(counts)).toEqual(new Set([4]))
})
