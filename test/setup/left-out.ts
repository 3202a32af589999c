/** The seed of a run, and its report of what it left out. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomInt } from 'node:crypto'
import { dirname } from 'node:path'
import { seedOf } from './seed-of.ts'
import type { LeftOut } from './seed.ts'

const kept = 'node_modules/.cache/server-workers/seed'

/**
 * The seed of this run: `SEED` if it is set, else the number of the run on GitHub, else the seed of the last run in this copy plus one. The
 * first run in a copy takes a random one, so that fresh copies do not all begin alike.
 *
 * @throws Error when `SEED` is no whole number
 */
export function nextSeed({ SEED = '', GITHUB_RUN_NUMBER = '' }: NodeJS.ProcessEnv): number {
  if (SEED !== '') return seedOf(SEED)
  if (GITHUB_RUN_NUMBER !== '') return seedOf(GITHUB_RUN_NUMBER)
  const last = existsSync(kept) ? Number(readFileSync(kept, 'utf8')) : NaN
  const seed = Number.isSafeInteger(last) ? last + 1 : randomInt(1, 10_000)
  mkdirSync(dirname(kept), { recursive: true })
  writeFileSync(kept, String(seed))
  return seed
}

/** One line about what a part left out, if anything. A runner loads a list several times, and it counts once. */
export function leftOutLine(part: string, file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const lines = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
  const items = [...lines].map((line) => JSON.parse(line) as LeftOut)
  if (items.length === 0) return undefined
  const noted = items.filter(({ one }) => one !== undefined)
  const texts = [
    ...items
      .filter(({ one }) => one === undefined)
      .map(({ what, left, of }) => (of === 1 ? what : `${left} of ${of} ${what}`)),
    ...[...Map.groupBy(noted, ({ what }) => what)].map(([what, ones]) => `${ones.length} ${what}`),
  ]
  return `${part.padEnd(8)} ${texts.join('; ')}`
}
