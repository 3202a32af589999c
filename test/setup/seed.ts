/**
 * Which share of a long list of tests this run takes. `npm test` takes a share of each such list, by a seed that it prints;
 * `FULL=1 npm test` takes everything, and so does a run of vitest or Playwright alone, unless it is given a `SEED`. The same seed always
 * takes the same share, and consecutive seeds take all shares in turn.
 */
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { seedOf } from './seed-of.ts'

const { FULL = '', SEED = '', LEFT_OUT_FILE = '' } = process.env

/** The seed of this run; `undefined` in a full run without one. */
export const seed = SEED === '' ? undefined : seedOf(SEED)

/** Whether this run takes everything. */
export const full = seed === undefined || !['', '0'].includes(FULL)

/** What a run leaves out of one list, for the report at its end. */
export interface LeftOut {
  readonly what: string
  readonly left: number
  readonly of: number
  /** Which one of them, where each is noted by itself. */
  readonly one?: string
}

/**
 * The items of a list that this run takes, in the order of the list; all of them in a full run. Each item is in one of `1 / share` groups,
 * and consecutive seeds take the groups in turn.
 *
 * @param what the name of the list in the report: `pages for axe`
 * @param share more than 0, at most 1: a quarter is 0.25
 */
export function inTurn<T>(what: string, items: readonly T[], share: number): readonly T[] {
  return full || seed === undefined ? items : take(what, items, share, seed)
}

function take<T>(what: string, items: readonly T[], share: number, seed: number): readonly T[] {
  if (!(share > 0 && share <= 1))
    throw new Error(`expected a share of more than 0 and at most 1 of "${what}", got ${share}`)
  const groups = Math.min(Math.round(1 / share), Math.max(items.length, 1))
  const chosen = modulo(seed, groups)
  const taken = items.filter((_, index) => modulo(index, groups) === chosen)
  noteLeftOut({ what, left: items.length - taken.length, of: items.length })
  return taken
}

/**
 * As `inTurn`, for what a full run does not take whole either: it is the same again in a dearer place, and another part of a full run does
 * all of it. Without a seed: everything.
 *
 * @param share what a short run takes
 * @param shareOfFull what a full run takes
 */
export function alwaysInTurn<T>(
  what: string,
  items: readonly T[],
  share: number,
  shareOfFull: number,
): readonly T[] {
  return seed === undefined ? items : take(what, items, full ? shareOfFull : share, seed)
}

/**
 * Whether this run takes a single test that cannot be divided: `test.skipIf(!isItsTurn('thirteen rounds', 0.25))(…)`.
 *
 * @param among the name of the group with which the report counts it
 */
export function isItsTurn(what: string, share: number, among?: string): boolean {
  // The name is hashed, so that tests of the same share are spread over the seeds.
  const place = createHash('sha256').update(what).digest().readUInt32BE(0)
  const groups = Math.round(1 / share)
  const taken = full || seed === undefined || modulo(seed + place, groups) === 0
  if (!taken) noteLeftOut({ what: among ?? what, left: 1, of: 1, ...(among !== undefined && { one: what }) })
  return taken
}

/** How often to repeat what is repeated because once proves little. */
export function times(what: string, inFull: number, inShort: number): number {
  if (full) return inFull
  noteLeftOut({ what, left: inFull - inShort, of: inFull })
  return inShort
}

/** The remainder, never negative: fast-check prints negative seeds too. */
function modulo(number: number, groups: number): number {
  return ((number % groups) + groups) % groups
}

const noted = new Set<string>()

/** Notes what was left out. Every worker of a runner loads the lists, so the same line may come twice. */
function noteLeftOut(leftOut: LeftOut): void {
  const line = `${JSON.stringify(leftOut)}\n`
  if (LEFT_OUT_FILE === '' || leftOut.left === 0 || noted.has(line)) return
  noted.add(line)
  appendFileSync(LEFT_OUT_FILE, line)
}
