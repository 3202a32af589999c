import { describe, expect, it } from 'vitest'
import { at } from '../oracle/adapt.ts'
import { BETTER_ON_NODE } from '../oracle/better-on-node.ts'
import { everyRecording } from '../oracle/every.ts'
import { FIRST_EDITIONS } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import type { Recorded } from '../oracle/scenario.ts'
import { expectedOnNode, replay } from '../oracle/world.ts'
import { leftOut } from './left-out.ts'
import { RealDriver } from './real/driver.ts'

/** How far the end of a request may be off: a busy machine prints later, and the replay waits for what is printed. */
const SECONDS = 5

const recordings = everyRecording(FIRST_EDITIONS).filter((recorded) => leftOut(recorded) === undefined)

describe('where the runner is better than the original', () => {
  it.each(BETTER_ON_NODE.map((entry) => ({ entry, ...entry })))(
    '$id',
    { timeout: 90_000 },
    async ({ entry }) => {
      const recorded = recordings.find((some) => entry.applies(some))
      if (recorded === undefined) throw new Error('no scenario shows it: the entry is not needed')
      const { observed, place } = await run(recorded)
      const { same } = judge(at(place, recorded), observed, { races: true, seconds: SECONDS })
      expect(same, 'the original does the same: the entry is not needed').toBe(false)
    },
  )
})

describe.concurrent('real processes print and do what the recordings show', () => {
  it.each(recordings.map((recorded) => ({ recorded, ...recorded })))(
    '$program $version: $name',
    { timeout: 120_000 },
    async ({ recorded }) => {
      const { expected, observed } = await run(recorded)
      const { report } = judge(expected, observed, { races: true, seconds: SECONDS })
      expect(report, JSON.stringify(observed)).toBe('')
    },
  )
})

async function run(recorded: Recorded) {
  const driver = await RealDriver.make()
  const { place } = driver
  const expected = expectedOnNode(recorded, place)
  return { place, expected, observed: await replay(expected, driver, { hurry: true }) }
}
