import { deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionData, TimedInput } from '../../../simulator/scenario/session/index.ts'
import { fromFragment, LONGEST_LINK, toFragment } from '../../../src/playground/link.ts'
import { fromText } from '../../../src/playground/session-text.ts'
import { freshSession, HELLO, MACHINE } from '../../../src/playground/presets.ts'

const fresh = freshSession(MACHINE, HELLO, 100)

/** A session as a reader has it after some minutes: a server, traffic, commands, kills, and changed code. */
const inputs: readonly TimedInput[] = [
  ...fresh.inputs,
  { at: 900, type: 'line', terminal: 'server', text: 'uvicorn main:app --port 8080 --workers 4' },
  { at: 901, type: 'clients', on: true },
  { at: 2000, type: 'open', terminal: 'client', columns: 100 },
  ...Array.from({ length: 30 }, (_, index): TimedInput[] => [
    {
      at: 3000 + index * 4000,
      type: 'line',
      terminal: 'client',
      text: `curl -s http://127.0.0.1:8080/?n=${index * 7919}`,
    },
    { at: 4711 + index * 4000, type: 'signal', pid: 27367 + index, signal: 'KILL' },
    {
      at: 5003 + index * 4000,
      type: 'write',
      file: 'main.js',
      text: `${HELLO.app}// ${'change '.repeat(index)}\n`,
    },
  ]).flat(),
]
const session: SessionData = { ...fresh, inputs, until: 130_000 }

const pack = (data: string | Buffer) => `session-1.${deflateRawSync(data).toString('base64url')}`

test('a session goes into a link and comes out as it was', async () => {
  const fragment = await toFragment(session)
  expect(fragment).toMatch(/^session-1\.[\w-]+$/)
  expect(await fromFragment(fragment)).toEqual({ session })
  expect(fromText(JSON.stringify(session))).toEqual({ session })
})

test('a link to a typical session is short', async () => {
  expect((await toFragment(session)).length).toBeLessThan(LONGEST_LINK)
})

describe('a link that is broken or hostile is refused', () => {
  const bomb = pack(Buffer.alloc(200_000_000, ' '))
  test.each<[name: string, make: () => string | Promise<string>, kind: string]>([
    ['cut off', async () => (await toFragment(session)).slice(0, -40), 'packing'],
    ['no base64', () => 'session-1.!!!', 'packing'],
    ['nothing', () => 'session-1.', 'packing'],
    ['not deflated', () => `session-1.${Buffer.from('hello').toString('base64url')}`, 'packing'],
    ['no JSON', () => pack('{"version":1,'), 'packing'],
    ['another packing', () => 'session-2.abc', 'other-version'],
    ['a bomb', () => bomb, 'too-large'],
    ['a giant', () => `session-1.${'A'.repeat(500_000)}`, 'too-large'],
    ['something else', () => pack('[]'), 'content'],
    ['another form', () => pack(JSON.stringify({ ...session, version: 2 })), 'content'],
    ['two million brackets', () => pack('['.repeat(2_000_000)), 'nested'],
    ['two million pairs', () => pack(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`), 'nested'],
    ['a version of objects', () => pack('{"version":{"a":[1]}}'), 'content'],
    ['a prototype', () => pack('{"__proto__":{"polluted":true},"version":1}'), 'content'],
  ])('%s', async (_, make, kind) => {
    expect(await fromFragment(await make())).toMatchObject({ problem: { kind } })
    expect({}).not.toHaveProperty('polluted')
  })

  test('a bomb is small on its way', () => expect(bomb.length).toBeLessThan(300_000))

  test('whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        async (text) => {
          expect(await fromFragment(`session-1.${text}`)).toHaveProperty('problem')
        },
      ),
    )
  })
})
