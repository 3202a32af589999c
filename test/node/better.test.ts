import { describe, expect, it } from 'vitest'
import { at } from '../oracle/adapt.ts'
import { BETTER_ON_NODE } from '../oracle/better-on-node.ts'
import { FIRST_EDITIONS } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import { recordingsOf, run, SECONDS } from './real/scenarios.ts'

const recordings = FIRST_EDITIONS.flatMap((edition) => recordingsOf(edition, 'all'))

describe('where the runner is better than the original', () => {
  it.each(BETTER_ON_NODE.map((entry) => ({ entry, ...entry })))('$id', async ({ entry }) => {
    const recorded = recordings.find((some) => entry.applies(some))
    if (recorded === undefined) throw new Error('no scenario shows it: the entry is not needed')
    const { observed, place } = await run(recorded)
    const { same } = judge(at(place, recorded), observed, { races: true, seconds: SECONDS })
    expect(same, 'the original does the same: the entry is not needed').toBe(false)
  })
})
