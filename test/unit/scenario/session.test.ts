import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSession } from '../../../simulator/scenario/session/read-session.ts'

const good = {
  version: 1,
  machine: {
    cores: 4,
    memory: 930_000_000,
    seed: 27365,
    versions: { uvicorn: '0.51.0', gunicorn: '20.1.0', fastapi: '0.0.7' },
  },
  files: { 'main.js': 'export const app = { fetch: () => new Response("hello") }\n' },
  clients: { clients: 5, method: 'GET', target: '/work', pause: [150, 900], patience: 10_000 },
  inputs: [
    { at: 0, type: 'open', terminal: 'server', columns: 80 },
    { at: 12, type: 'line', terminal: 'server', text: 'uvicorn main:app' },
    { at: 4000, type: 'keys', terminal: 'server', data: '\x03' },
    { at: 4000, type: 'signal', pid: 27367, signal: 'KILL' },
  ],
  until: 5000,
}

/** The good session with something else at `path`. */
function with_(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(good) as unknown
  let place = copy as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) place = place[step] as Record<string | number, unknown>
  place[path.at(-1) ?? ''] = value
  return copy
}

test('a session in order is read as it is', () => {
  expect(readSession(structuredClone(good))).toEqual({ session: good })
})

test('what is not known is left out', () => {
  expect(readSession({ ...good, onload: 'alert(1)' })).toEqual({ session: good })
})

describe('what is wrong is named with its place', () => {
  test.each([
    [['version'], 2, 'version', 'version'],
    [['machine', 'cores'], 0, 'machine.cores', 'number'],
    [['machine', 'cores'], 1.5, 'machine.cores', 'number'],
    [['machine', 'memory'], '1 GB', 'machine.memory', 'number'],
    [['machine', 'seed'], -1, 'machine.seed', 'number'],
    [['machine', 'versions', 'uvicorn'], '99', 'machine.versions.uvicorn', 'one-of'],
    [['files'], [], 'files', 'object'],
    [['files', '../secret'], '', 'files', 'name'],
    [['files', 'main.js'], 'x'.repeat(100_001), 'files.main.js', 'shorter'],
    [['clients', 'clients'], 1e9, 'clients.clients', 'number'],
    [['clients', 'pause'], [900, 150], 'clients.pause[1]', 'number'],
    [['clients', 'target'], 'http://elsewhere/', 'clients.target', 'name'],
    [['inputs'], {}, 'inputs', 'list'],
    [['inputs', 1, 'at'], -5, 'inputs[1].at', 'number'],
    [['inputs', 3, 'at'], 3999, 'inputs[3].at', 'order'],
    [['inputs', 1, 'type'], 'eval', 'inputs[1].type', 'one-of'],
    [['inputs', 1, 'type'], '__proto__', 'inputs[1].type', 'one-of'],
    [['inputs', 1, 'terminal'], 'nobody', 'inputs[1].terminal', 'opened'],
    [['inputs', 0, 'columns'], 1e6, 'inputs[0].columns', 'number'],
    [['inputs', 1, 'text'], 7, 'inputs[1].text', 'text'],
    [['inputs', 3, 'signal'], 'BANG', 'inputs[3].signal', 'one-of'],
    [['inputs', 1], { ...good.inputs[0] }, 'inputs[1].terminal', 'fresh'],
    [['until'], Infinity, 'until', 'number'],
  ])('%j = %j', (path, value, where, what) => {
    const read = readSession(with_(path, value))
    expect(read).toMatchObject({ problem: { path: where, expected: { what } } })
  })
})

test('whatever it is given, it answers, and with a session only if that is one', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (data) => {
      expect(readSession(data)).toHaveProperty('problem')
    }),
  )
  const paths = fc.constantFrom(
    ...(['machine', 'files', 'clients', 'inputs', 'until'] as const).map((name) => [name]),
    ['inputs', 1],
    ['machine', 'versions'],
  )
  fc.assert(
    fc.property(paths, fc.anything(), (path, value) => {
      const read = readSession(with_(path, value))
      if ('session' in read) expect(readSession(read.session)).toEqual(read)
    }),
  )
})
