import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Connection } from '../../../../simulator/host/virtual/connection.ts'
import { keptName, KeptConnections } from '../../../../simulator/host/virtual/kept-connections.ts'
import type { AcceptingProcess } from '../../../../simulator/host/virtual/server.ts'
import { born, surroundings } from './support.ts'

const BIND = { kind: 'tcp', host: '127.0.0.1', port: 8000 } as const
const NAME = keptName(7, BIND)

/** Connections that servers keep for five seconds, and requests that name one. */
function kept() {
  const { clock, network, processes } = surroundings()
  const all = new KeptConnections({ clock })
  const server = (): AcceptingProcess => {
    const made = network.serve(born(processes), { keepAlive: 5, onConnection: () => undefined })
    made.accepting = true
    return made
  }
  let id = 0
  const request = (keep: string | undefined = NAME) => {
    const request = { host: '127.0.0.1', port: 8000, method: 'GET', target: '/' }
    return { id: id++, request, keep, bind: BIND } as unknown as Connection
  }
  return { clock, all, server, request }
}

test('it is open for as long as its server says, and a request takes it for itself', async () => {
  const { all, clock, request, server } = kept()
  const one = server()
  all.keep(request(), one)
  const next = request()
  expect(all.take(next)?.server).toBe(one)
  expect([all.take(request()), all.idleOf(one)]).toEqual([undefined, 0])
  await clock.runUntil(60_000)
  expect(all.drop(one)).toEqual([next])
  all.keep(request(), one)
  expect(all.idleOf(one)).toBe(1)
  await clock.runUntil(64_999)
  expect(all.has(NAME)).toBe(true)
  await clock.runUntil(65_000)
  // Its client does not know it at once.
  expect([all.has(NAME), all.isClosing(NAME)]).toEqual([false, true])
  await clock.runUntil(65_001)
  expect([all.isClosing(NAME), clock.pending]).toEqual([false, 0])
})

test('without a name, time or a server that accepts nothing is kept', () => {
  const { all, request, server } = kept()
  const [none, closed, quick] = [server(), server(), { ...server(), keepAlive: 0 }]
  closed.accepting = false
  all.keep({ ...request(), keep: undefined }, none)
  all.keep(request(), closed)
  all.keep(request(), quick)
  expect(all.has(NAME)).toBe(false)
  all.end(request())
})

test('a request beside it neither takes it away nor gives its time to another', async () => {
  const { all, clock, request, server } = kept()
  const one = server()
  all.keep(request(), one)
  const [first, beside] = [request(), request()]
  all.take(first)
  all.end(beside)
  all.keep(beside, server())
  expect(all.drop(one)).toEqual([first])
  await clock.runUntil(3000)
  all.keep(request(), one)
  await clock.runUntil(7999)
  expect(all.has(NAME)).toBe(true)
})

test('property: each name has one connection at most, and a server that ended has none', async () => {
  const act = fc.record({
    what: fc.constantFrom('ask', 'answer', 'fail', 'drop'),
    name: fc.constantFrom('a', 'b'),
    by: fc.nat(1),
    wait: fc.constantFrom(0, 100, 6000),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      const { all, clock, request, server } = kept()
      const servers = [server(), server()]
      const running: { connection: Connection; by: AcceptingProcess }[] = []
      for (const { what, name, by, wait } of acts) {
        const own = servers[by]
        if (own === undefined) continue
        const index = running.findIndex(({ connection }) => connection.keep === name)
        if (what === 'ask') {
          const connection = request(name)
          const to = all.take(connection)
          if (to !== undefined) expect(servers).toContain(to.server)
          running.push({ connection, by: to?.server ?? own })
        } else if (what === 'drop') {
          const left = all.drop(own)
          expect(left.every((each) => running.some(({ connection }) => connection === each))).toBe(true)
          for (let i = running.length - 1; i >= 0; i--) if (running[i]?.by === own) running.splice(i, 1)
          servers[by] = server()
          expect(all.idleOf(own)).toBe(0)
        } else if (index >= 0) {
          const [ended] = running.splice(index, 1)
          if (ended === undefined) continue
          all.end(ended.connection)
          if (what === 'answer') all.keep(ended.connection, ended.by)
        }
        const idle = servers.reduce((sum, each) => sum + all.idleOf(each), 0)
        expect(idle).toBeLessThanOrEqual(2)
        expect(clock.pending).toBe(idle)
        await clock.runUntil(clock.now + wait)
      }
      await clock.runUntil(clock.now + 10_000)
      expect(servers.map((each) => all.idleOf(each))).toEqual([0, 0])
    }),
    { numRuns: 200 },
  )
})
