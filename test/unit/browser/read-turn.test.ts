import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedMessage } from '../../../simulator/host/browser/worker-messages/checks.ts'
import { MOST, readTurn } from '../../../simulator/host/browser/worker-messages/read-turn.ts'
import type { GuestTurn } from '../../../simulator/host/virtual/guest.ts'
import { seeded } from '../seeded.ts'

const raised = { name: 'Error', message: 'no', frames: ['File "main.js", line 1'] }

/** A turn with every kind of act. */
const whole: GuestTurn = {
  acts: [
    { type: 'imported', after: 0 },
    { type: 'import-failed', after: 0, error: { kind: 'raised', raised } },
    { type: 'import-failed', after: 0, error: { kind: 'no-attribute', module: 'main', attribute: 'app' } },
    { type: 'started', after: 1, supported: true },
    { type: 'startup-failed', after: 1, raised: { ...raised, during: raised } },
    { type: 'stopped', after: 1 },
    { type: 'shutdown-failed', after: 1, raised: { ...raised, cause: { ...raised, during: raised } } },
    {
      type: 'head',
      after: 1,
      id: 3,
      status: 200,
      headers: [
        ['set-cookie', 'a'],
        ['set-cookie', 'b'],
      ],
    },
    { type: 'body', after: 1, id: 3, text: 'hello' },
    { type: 'end', after: 2, id: 3 },
    { type: 'request-raised', after: 2, id: 4, raised },
    { type: 'print', after: 2, stream: 'stdout', text: 'line\n' },
    { type: 'call', after: 2, call: 1, method: 'store.set', args: ['key', 1, null, { deep: [true] }] },
    { type: 'file', after: 2, path: '/srv/a', change: 'appended', text: 'line\n' },
    { type: 'lock', after: 2, path: '/srv/a', mode: 'exclusive' },
    { type: 'exit', after: 2, code: 3 },
    { type: 'crashed', after: 2, raised },
  ],
  cpu: 2.5,
  wakeAt: 100,
  memory: 1_000_000,
}

test('a turn of ours comes through as it is', () => {
  expect(readTurn(structuredClone(whole))).toEqual(whole)
})

test('of an exception that names both, what it was raised from is kept: a small message does not unfold to millions', () => {
  let both: object = raised
  for (let depth = 0; depth < MOST.during; depth++) both = { ...raised, during: both, cause: both }
  const acts = [{ type: 'crashed' as const, after: 0, raised: both }]
  const read = readTurn({ acts, cpu: 0 }).acts[0]
  expect(read).toMatchObject({ raised: { cause: { cause: raised } } })
  expect(JSON.stringify(read)).not.toContain('during')
})

test('what is not known is left out, at every level', () => {
  const act = { type: 'end', after: 0, id: 1, more: 1 }
  expect(readTurn({ acts: [act], cpu: 0, more: 1, spinning: {} })).toEqual({
    acts: [{ type: 'end', after: 0, id: 1 }],
    cpu: 0,
  })
})

test('time does not go back within a turn', () => {
  const acts = [3, 1].map((after) => ({ type: 'stopped', after }))
  expect(readTurn({ acts, cpu: 2 })).toEqual({
    acts: [
      { type: 'stopped', after: 3 },
      { type: 'stopped', after: 3 },
    ],
    cpu: 3,
  })
})

const turn = (act: object) => ({ acts: [{ after: 0, ...act }], cpu: 0 })
let nested: unknown = 1
for (let depth = 0; depth < 10_000; depth++) nested = [nested]
let during: object = raised
for (let depth = 0; depth < 10_000; depth++) during = { ...raised, during }

describe('refused, and where', () => {
  test.each<readonly [string, unknown, string]>([
    ['nothing', undefined, 'turn'],
    ['a map', new Map(), 'turn'],
    ['no acts', { cpu: 0 }, 'acts'],
    ['NaN', { acts: [], cpu: NaN }, 'cpu'],
    ['a negative time', { acts: [], cpu: -1 }, 'cpu'],
    ['an endless time', { acts: [], cpu: 0, wakeAt: Infinity }, 'wakeAt'],
    ['half a byte', { acts: [], cpu: 0, memory: 0.5 }, 'memory'],
    ['a time that is a text', turn({ type: 'end', after: '1', id: 1 }), 'acts[0].after'],
    ['an act that there is not', turn({ type: 'constructor' }), 'acts[0].type'],
    ['a number of no request', turn({ type: 'end', id: {} }), 'acts[0].id'],
    [
      'a header of numbers',
      turn({ type: 'head', id: 1, status: 200, headers: [['a', 1]] }),
      'acts[0].headers[0]',
    ],
    ['a file somewhere', turn({ type: 'file', path: 'a', change: 'whole', text: '' }), 'acts[0].path'],
    [
      'a path without end',
      turn({ type: 'lock', path: `/${'a'.repeat(4096)}`, mode: 'none' }),
      'acts[0].path',
    ],
    ['a lock of no kind', turn({ type: 'lock', path: '/a', mode: 'mine' }), 'acts[0].mode'],
    ['a third stream', turn({ type: 'print', stream: 'out', text: '' }), 'acts[0].stream'],
    ['a code of two bytes', turn({ type: 'exit', code: 256 }), 'acts[0].code'],
    [
      'a value in ten thousand lists',
      turn({ type: 'call', call: 1, method: 'send', args: [nested] }),
      'acts[0].args[0]',
    ],
    [
      'ten thousand exceptions in each other',
      turn({ type: 'crashed', raised: during }),
      'acts[0].raised.during',
    ],
    ['too many acts', { acts: new Array(MOST.acts + 1).fill({ type: 'stopped', after: 0 }), cpu: 0 }, 'acts'],
  ])('%s', (_, data, path) => {
    let thrown: unknown
    try {
      readTurn(data)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(MalformedMessage)
    expect((thrown as MalformedMessage).path.startsWith(path)).toBe(true)
  })

  test('fields of a prototype are not fields', () => {
    const act = Object.create({ type: 'stopped', after: 0 }) as object
    expect(() => readTurn({ acts: [act], cpu: 0 })).toThrow(MalformedMessage)
  })
})

test('whatever comes is read as a turn that is in order, or refused', () => {
  const value = fc.oneof(fc.anything(), fc.double(), fc.constantFrom(NaN, -1, '__proto__', {}, [], null))
  const act = fc.oneof(
    fc.anything(),
    fc.tuple(fc.constantFrom(...whole.acts), fc.string(), value).map(([act, name, value]) => {
      const names = [...Object.keys(act), name]
      return { ...act, [names[name.length % names.length] ?? name]: value }
    }),
  )
  const turns = fc.record(
    { acts: fc.array(act), cpu: value, wakeAt: value, memory: value },
    { requiredKeys: [] },
  )
  seeded(fc.oneof(fc.anything(), turns), (data) => {
    let read: GuestTurn
    try {
      read = readTurn(data)
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessage)
      return
    }
    expect(readTurn(structuredClone(read))).toEqual(read)
    for (const { after } of read.acts) expect(after >= 0 && after <= read.cpu).toBe(true)
    expect(Number.isFinite(read.cpu) && Number.isFinite(read.wakeAt ?? 0)).toBe(true)
  })
  expect(Object.prototype).not.toHaveProperty('type')
})
