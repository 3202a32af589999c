import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { leftOutLine } from '../../setup/left-out.ts'

const items = Array.from({ length: 10 }, (_, index) => index)

/** The choices of a run with this environment. */
async function run(env: { FULL?: string; SEED?: string; LEFT_OUT_FILE?: string }) {
  for (const name of ['FULL', 'SEED', 'LEFT_OUT_FILE'] as const) vi.stubEnv(name, env[name] ?? '')
  vi.resetModules()
  return import('../../setup/seed.ts')
}

afterEach(() => {
  vi.unstubAllEnvs()
})

it('what was left out is said in a line: lists, and how many of what was met', () => {
  const folder = mkdtempSync(join(tmpdir(), 'server-workers-seed-'))
  const file = join(folder, 'left-out')
  expect(leftOutLine('unit', file)).toBeUndefined()
  const notes = [
    { what: 'numbers', left: 8, of: 10 },
    { what: 'tests of it', left: 1, of: 1, one: 'a' },
    { what: 'tests of it', left: 1, of: 1, one: 'b' },
    { what: 'tests of it', left: 1, of: 1, one: 'a' },
    { what: 'a long test', left: 1, of: 1 },
  ]
  writeFileSync(file, notes.map((note) => `${JSON.stringify(note)}\n`).join(''))
  expect(leftOutLine('unit', file)).toBe('unit     8 of 10 numbers; a long test; 2 tests of it')
  rmSync(folder, { recursive: true })
})

describe('what a run takes of a list', () => {
  it.each([
    ['without a seed', {}],
    ['with FULL=1', { FULL: '1', SEED: '3' }],
  ])('%s: everything', async (_, env) => {
    const { full, inTurn, isItsTurn, times } = await run(env)
    expect(full).toBe(true)
    expect(inTurn('numbers', items, 0.1)).toEqual(items)
    expect(isItsTurn('a long test', 0.1)).toBe(true)
    expect(times('again', 100, 3)).toBe(100)
  })

  it('of what is dear and done elsewhere, a full run takes its own share in turn; one without a seed everything', async () => {
    const taken: number[] = []
    for (const seed of ['1', '2', '3']) {
      const { alwaysInTurn } = await run({ FULL: '1', SEED: seed })
      const own = alwaysInTurn('numbers', items, 0.1, 1 / 3)
      expect(own.length).toBeGreaterThanOrEqual(3)
      taken.push(...own)
    }
    expect(taken.toSorted((a, b) => a - b)).toEqual(items)
    const short = await run({ SEED: '1' })
    expect(short.alwaysInTurn('numbers', items, 0.1, 1 / 3)).toHaveLength(1)
    const own = await run({})
    expect(own.alwaysInTurn('numbers', items, 0.1, 1 / 3)).toEqual(items)
  })

  it.each([0.5, 0.3, 0.25, 0.01])(
    'with seeds in a row: everything in turn, a share of %d each',
    async (share) => {
      const runs = Math.round(1 / share)
      const taken: number[] = []
      for (let seed = -2; seed < runs - 2; seed++) {
        const { inTurn } = await run({ SEED: String(seed) })
        const own = inTurn('numbers', items, share)
        expect(inTurn('numbers', items, share)).toEqual(own)
        expect(own.length).toBeLessThanOrEqual(Math.ceil(items.length / runs))
        taken.push(...own)
      }
      expect(new Set(taken)).toEqual(new Set(items))
    },
  )

  it('one thing that cannot be divided has its turn once in so many', async () => {
    const turns: boolean[] = []
    for (let seed = 0; seed < 8; seed++) turns.push((await run({ SEED: String(seed) })).isItsTurn('it', 0.25))
    expect(turns.filter(Boolean)).toHaveLength(2)
    expect(turns.slice(4)).toEqual(turns.slice(0, 4))
  })

  it('what was left out is noted once, however often a list is loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'server-workers-seed-'))
    const file = join(folder, 'left-out')
    const { inTurn, times } = await run({ SEED: '1', LEFT_OUT_FILE: file })
    inTurn('numbers', items, 0.2)
    inTurn('numbers', items, 0.2)
    times('again', 100, 3)
    expect(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { what: 'numbers', left: 8, of: 10 },
      { what: 'again', left: 97, of: 100 },
    ])
    rmSync(folder, { recursive: true })
  })

  it('a seed or a share that is none is refused', async () => {
    await expect(run({ SEED: 'today' })).rejects.toThrow('SEED: expected a whole number, got "today"')
    const { inTurn } = await run({ SEED: '1' })
    expect(() => inTurn('numbers', items, 25)).toThrow('expected a share of more than 0 and at most 1')
  })
})
