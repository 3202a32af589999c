import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Listeners } from '../../../../simulator/host/virtual/listeners.ts'
import type { Bind } from '../../../../simulator/manager/settings.ts'

const tcp = (port: number, host = '0.0.0.0'): Bind => ({ kind: 'tcp', host, port })
const unix = (path: string): Bind => ({ kind: 'unix', path })

test.each([
  ['a port that is taken', [tcp(8001), tcp(8000)], 'in-use'],
  ['the same port twice', [tcp(8001), tcp(8001)], 'in-use'],
  ['the same file twice', [unix('/run/b'), unix('/run/b')], 'in-use'],
  ['a file that is there', [tcp(8001), unix('/run/a')], 'in-use'],
  ['a port that is none', [tcp(8001), tcp(65_536)], 'bad-port'],
  ['an address of another machine', [tcp(8001), tcp(8002, '192.0.2.1')], 'not-available'],
  ['a name that is none', [tcp(8001), tcp(8002, 'nowhere')], 'no-such-host'],
])('%s: all of the addresses are refused', (_, binds, error) => {
  const listeners = new Listeners()
  listeners.bind(1, [tcp(8000), unix('/run/a')], 5)
  expect(listeners.bind(2, binds, 5)).toEqual({ bind: binds[1], error })
  expect([listeners.heldBy(2), listeners.find(tcp(8001)), listeners.hasFile('/run/b')]).toEqual([
    [],
    undefined,
    false,
  ])
})

test('port 0 is a free one', () => {
  const listeners = new Listeners()
  listeners.bind(1, [tcp(40_000), tcp(40_002)], 5)
  listeners.bind(2, [tcp(0), tcp(0), tcp(0)], 5)
  const ports = listeners.all().map(({ bind }) => (bind.kind === 'tcp' ? bind.port : 0))
  expect(new Set(ports).size).toBe(5)
})

test('with SO_REUSEPORT each has a socket of its own, and a client reaches one of them by chance', () => {
  const listeners = new Listeners()
  for (const pid of [1, 2]) listeners.bind(pid, [tcp(8000)], 5, { reusePort: true })
  expect(listeners.bind(3, [tcp(8000)], 5)).toEqual({ bind: tcp(8000), error: 'in-use' })
  expect([0, 0.49, 0.5, 0.99].map((hash) => listeners.find(tcp(8000), () => hash)?.opener)).toEqual([
    1, 1, 2, 2,
  ])
})

test('the file of a socket is there until it is removed, and replaced only by who says so', () => {
  const listeners = new Listeners()
  listeners.bind(1, [unix('/run/a')], 5)
  expect(listeners.release(1)).toHaveLength(1)
  expect([listeners.hasFile('/run/a'), listeners.find(unix('/run/a'))]).toEqual([true, undefined])
  expect(listeners.bind(2, [unix('/run/a')], 5)).toMatchObject({ error: 'in-use' })
  listeners.bind(3, [unix('/run/a')], 5, { replacesFile: true })
  listeners.bind(4, [unix('/run/a')], 5, { replacesFile: true })
  expect(listeners.find(unix('/run/a'))?.opener).toBe(4)
  // The one whose file was replaced is open, but nobody finds it.
  expect(listeners.heldBy(3)).toHaveLength(1)
  listeners.unlink('/run/a')
  listeners.unlink('/run/a')
  expect([listeners.find(unix('/run/a')), listeners.release(3).length, listeners.release(4).length]).toEqual([
    undefined,
    1,
    1,
  ])
})

test('property: a socket is open as long as a process has it, and closes once', () => {
  const act = fc.record({
    what: fc.constantFrom('bind', 'inherit', 'release'),
    pid: fc.integer({ min: 1, max: 4 }),
    other: fc.integer({ min: 1, max: 4 }),
    port: fc.integer({ min: 8000, max: 8002 }),
  })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const listeners = new Listeners()
      const holders = new Map<number, Set<number>>()
      for (const { what, pid, other, port } of acts) {
        if (what === 'bind') {
          const bound = listeners.bind(pid, [tcp(port)], 5)
          expect('error' in bound).toBe(holders.has(port))
          if (!holders.has(port)) holders.set(port, new Set([pid]))
        } else if (what === 'inherit') {
          listeners.inherit(pid, other)
          for (const each of holders.values()) if (each.has(pid)) each.add(other)
        } else {
          const closed = listeners.release(pid).map(({ bind }) => (bind.kind === 'tcp' ? bind.port : 0))
          const expected = [...holders].flatMap(([at, each]) =>
            each.delete(pid) && each.size === 0 ? [at] : [],
          )
          expect(closed.toSorted()).toEqual(expected.toSorted())
          for (const at of expected) holders.delete(at)
        }
        expect(listeners.all()).toHaveLength(holders.size)
        for (const [at, each] of holders) expect(listeners.find(tcp(at))?.holders).toEqual(each)
      }
    }),
  )
})
