import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Process } from '../../../../simulator/host/virtual/process.ts'
import type { WorkerRole } from '../../../../simulator/worker/life.ts'
import type { ClientRequest } from '../../../../simulator/machine/system.ts'
import { settingsOf } from '../machine.ts'
import { born, serving } from './support.ts'

const settings = settingsOf('uvicorn', 2)
const BOOTED = 2000

/** Workers of one parent, which has a socket open; what they report is noted. */
function workers(source = '') {
  const parts = serving({ 'main.js': source })
  const { clock, network, processes, workers: all } = parts
  const parent = born(processes, { kind: 'manager' })
  network.listeners.bind(parent.pid, settings.binds, 100)
  const reports: string[] = []
  all.onReport = ({ pid }, { type }) => reports.push(`${type} of ${pid}`)
  const begin = (role: WorkerRole = 'spawned', of = settings): Process => {
    const process = born(processes, { kind: 'worker', ppid: parent.pid, settings: of })
    network.listeners.inherit(parent.pid, process.pid)
    const birth = { pid: process.pid, role, age: 1, settings: of, chance: 0.5 }
    if (role === 'single') all.beginAlone(process, birth)
    else all.begin(process, birth, [])
    return process
  }
  const ask = (target: string, more: Partial<ClientRequest> = {}) => {
    const seen: (string | number)[] = []
    network.request(
      { host: '127.0.0.1', port: 8080, method: 'GET', target, ...more },
      { onHead: ({ status }) => seen.push(status), onEnd: (end, pid) => seen.push(end, pid ?? 0) },
    )
    return seen
  }
  const phases = (pid: number) =>
    parts.trace.events.flatMap((each) => (each.type === 'phase' && each.pid === pid ? [each.phase] : []))
  const run = (ms: number) => clock.runUntil(clock.now + ms)
  return { ...parts, parent, reports, begin, ask, phases, run }
}

test('a worker boots, imports, starts up, reports and serves', async () => {
  const { ask, begin, phases, reports, run } = workers()
  const { pid } = begin()
  const early = ask('/')
  expect(early).toEqual([])
  await run(BOOTED)
  expect(phases(pid)).toEqual(['importing', 'starting', 'serving'])
  expect(reports).toContain(`ready of ${pid}`)
  expect(early).toEqual([200, 'answered', pid])
})

test('a process that serves alone opens its socket itself, and ends when it is taken', async () => {
  const { ask, begin, network, parent, processes, run } = workers()
  const refused = begin('single')
  await run(BOOTED)
  expect(refused.alive).toBe(false)
  network.closeListeners(parent.pid)
  const { pid } = begin('single')
  await run(BOOTED)
  const seen = ask('/')
  await run(100)
  expect(seen).toEqual([200, 'answered', pid])
  expect(processes.all().map((each) => each.pid)).toEqual([parent.pid, pid])
})

test.each([
  ['the module is not there', { ...settings, app: { typed: 'gone:app', module: 'gone', attribute: 'app' } }],
  [
    'nothing was typed after the colon',
    { ...settings, app: { typed: 'main:', module: 'main', attribute: '' } },
  ],
  ['the attribute is not there', { ...settings, app: { typed: 'main:x', module: 'main', attribute: 'x' } }],
  ['a TLS file is not there', { ...settings, tls: { certfile: '/no.pem' } }],
])('a worker ends when %s, and reports nothing', async (_, of) => {
  const { begin, reports, run } = workers()
  const process = begin('spawned', of)
  await run(BOOTED)
  expect([process.alive, reports]).toEqual([false, []])
})

test('every ping is answered once, those before the boot too; who computes answers, who is stopped later, who ended never', async () => {
  const { ask, begin, processes, reports, run, signals, workers: all } = workers()
  const [one, two] = [begin(), begin()]
  for (let i = 0; i < 3; i++) all.ping(one.pid)
  all.ping(4711)
  await run(BOOTED)
  const pongs = (pid: number) => reports.filter((each) => each === `pong of ${pid}`).length
  expect([pongs(one.pid), pongs(two.pid)]).toEqual([3, 0])
  ask('/compute/5000')
  await run(10)
  for (const { pid } of [one, two]) all.ping(pid)
  await run(10)
  expect([pongs(one.pid), pongs(two.pid)]).toEqual([4, 1])
  signals.send(one.pid, 'STOP')
  all.ping(one.pid)
  await run(1000)
  expect(pongs(one.pid)).toBe(4)
  signals.send(one.pid, 'CONT')
  await run(10)
  expect(pongs(one.pid)).toBe(5)
  all.ping(one.pid)
  processes.terminate(one, { signal: 'KILL' })
  all.ping(one.pid)
  await run(1000)
  expect(pongs(one.pid)).toBe(5)
})

test('on SIGTERM it answers what it has, takes nothing new, and goes', async () => {
  const { ask, begin, parent, phases, run, signals } = workers()
  const process = begin()
  await run(BOOTED)
  const slow = ask('/slow/1')
  await run(100)
  signals.send(process.pid, 'TERM')
  await run(100)
  const late = ask('/')
  await run(5000)
  expect(slow).toEqual([200, 'answered', process.pid])
  expect([process.alive, parent.alive, late]).toEqual([false, true, []])
  expect(phases(process.pid).at(-1)).toBe('leaving')
})

test('requests over a kept connection end with their worker, also those that it has not looked at', async () => {
  const { ask, begin, processes, run } = workers()
  const process = begin()
  await run(BOOTED)
  const first = ask('/', { connection: 7 })
  await run(100)
  const busy = ask('/compute/5000')
  await run(10)
  const waiting = ask('/', { connection: 7 })
  await run(10)
  processes.terminate(process, { signal: 'KILL' })
  await run(10_000)
  expect([first, busy, waiting]).toEqual([
    [200, 'answered', process.pid],
    ['closed', process.pid],
    ['closed', process.pid],
  ])
})

test('what an application does to its process ends that one alone', async () => {
  const { ask, begin, run } = workers()
  const both = [begin(), begin()]
  await run(BOOTED)
  const seen = ask('/exit/3')
  await run(100)
  expect(both.filter(({ alive }) => alive)).toHaveLength(1)
  const next = ask('/')
  await run(100)
  expect(seen[0]).toBe('closed')
  expect(next).toEqual([200, 'answered', both.find(({ alive }) => alive)?.pid])
})

test('property: whenever a worker dies, each request has one end, and the other worker serves on', async () => {
  const request = fc.record({
    at: fc.integer({ min: 0, max: 3000 }),
    target: fc.constantFrom('/', '/slow/1', '/compute/300', '/boom', '/nowhere'),
    connection: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    patience: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
  })
  const death = fc.record({
    at: fc.integer({ min: 0, max: 3000 }),
    by: fc.constantFrom('KILL', 'TERM', 'INT', 'STOP'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 15 }), death, async (requests, { at, by }) => {
      const { begin, clock, network, phases, run, signals, threads, workers: all, ask, reports } = workers()
      const [victim, other] = [begin(), begin()]
      const ends = requests.map(() => 0)
      for (const [index, { at, connection, patience, target }] of requests.entries()) {
        const more = {
          ...(connection !== undefined && { connection }),
          ...(patience !== undefined && { patience }),
        }
        const request = { host: '127.0.0.1', port: 8080, method: 'GET', target, ...more }
        const onEnd = () => void (ends[index] = (ends[index] ?? 0) + 1)
        clock.schedule(at, () => void network.request(request, { onEnd }))
      }
      clock.schedule(at, () => void signals.send(victim.pid, by))
      clock.schedule(9000, () => void signals.send(victim.pid, 'CONT'))
      await run(30_000)
      expect(ends).toEqual(requests.map(() => 1))
      expect(other.alive).toBe(true)
      expect(phases(other.pid)).toEqual(['importing', 'starting', 'serving'])
      if (by !== 'STOP') {
        expect(victim.alive).toBe(false)
        expect(threads.isBusy(victim)).toBe(false)
        const before = reports.length
        all.ping(victim.pid)
        await run(100)
        expect(reports.slice(before).filter((each) => each.endsWith(` ${victim.pid}`))).toEqual([])
      }
      const last = ask('/')
      await run(1000)
      expect(last.slice(0, 2)).toEqual([200, 'answered'])
    }),
    { numRuns: 80 },
  )
})
