import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seed } from '../../setup/seed.ts'
import { story, type Story } from './sequences/acts.ts'
import { character, EVERY_EDITION, type Edition } from './sequences/editions.ts'
import { account, unexplainedRest } from './sequences/explain.ts'
import { grammarOf, ungrammatical } from './sequences/grammar.ts'
import { play, type Play } from './sequences/play.ts'

/** How many stories of all editions together: `SEQUENCES=100000 npm run test:unit -- properties`. */
const SEQUENCES = Number(process.env['SEQUENCES'] ?? 1000)
const runs = {
  numRuns: Math.ceil(SEQUENCES / EVERY_EDITION.length),
  ...(seed === undefined ? {} : { seed }),
}

describe.concurrent('whatever happens, and whenever', () => {
  test.each(EVERY_EDITION.map((edition) => [edition.name, edition] as const))(
    '%s does what its rules say, and comes to rest',
    async (_, edition) => {
      await fc.assert(
        fc.asyncProperty(story, async (it) => {
          expect(await objections(edition, it)).toEqual([])
        }),
        runs,
      )
    },
    SEQUENCES * 100,
  )
})

/** Plays a story, lets the machine rest, asks whether it serves, and sends it home. What was wrong, in words. */
async function objections(edition: Edition, it: Story): Promise<string[]> {
  const played = await play(edition, it)
  await played.rest()
  const found = unexplainedRest(played)
  if (found.length === 0) found.push(...(await probed(played)))
  return [...played.watch.complaints, ...found, ...misspoken(played)]
}

/** At rest it answers, takes one worker more, and goes when it is told to. */
async function probed(played: Play): Promise<string[]> {
  const { kernel, watch } = played
  const kind = character(played.settings)
  const found: string[] = []
  const anybody = [...watch.seen.values()].some(
    ({ ended, phase }) => ended === undefined && phase === 'serving',
  )
  if (anybody) {
    const answer = await played.ask()
    if (answer !== 'answered') found.push(`at rest, a request ended: ${answer}`)
  }
  const managers = played.managers()
  if (kind === 'supervisor' || kind === 'arbiter') {
    const before = managers.map((pid) => account(played, must(played, pid)).wanted)
    for (const pid of managers) kernel.signal(pid, 'TTIN')
    await played.wait(15_000)
    for (const [i, pid] of managers.entries()) {
      const living = watch.workersOf(pid).filter(({ ended }) => ended === undefined).length
      if (living !== (before[i] ?? 0) + 1) found.push(`after SIGTTIN ${pid} has ${living} workers`)
    }
  }
  for (const pid of managers) kernel.signal(pid, 'TERM')
  await played.wait(25_000)
  for (const pid of managers) {
    const { ended } = must(played, pid)
    if (ended === undefined) found.push(`${pid} does not go`)
    else if (kind !== 'alone' && !('code' in ended && ended.code === 0))
      found.push(`${pid} went with ${JSON.stringify(ended)}`)
    const left = watch.workersOf(pid).filter((each) => each.ended === undefined)
    if (left.length > 0) found.push(`${pid} left ${left.length} workers behind`)
  }
  return found
}

function must(played: Play, pid: number) {
  const seen = played.watch.seen.get(pid)
  if (seen === undefined) throw new Error(`process ${pid} was never seen`)
  return seen
}

function misspoken(played: Play): string[] {
  return [...played.watch.seen.values()].flatMap(({ pid, kind, lines }) => {
    const what = ungrammatical(grammarOf(played.settings, kind), lines)
    return what === undefined ? [] : [`${kind} ${pid}: ${what}`]
  })
}
