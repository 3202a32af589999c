import { describe, expect, it } from 'vitest'
import { firstCut } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import { expectedOnNode, replay } from '../oracle/world.ts'
import { RealDriver } from './real/driver.ts'

/** How far the end of a request may be off: a busy machine prints later, and the replay waits for what is printed. */
const SECONDS = 5

describe.concurrent('real processes print and do what the recordings show', () => {
  it.each(firstCut().map((recorded) => ({ recorded, ...recorded })))(
    '$program $version: $name',
    { timeout: 90_000 },
    async ({ recorded }) => {
      const driver = await RealDriver.make()
      const place = { directory: driver.directory, port: driver.port, file: 'main.js' }
      const expected = expectedOnNode(recorded, place)
      const observed = await replay(expected, driver, { hurry: true })
      const { report } = judge(expected, observed, { races: true, seconds: SECONDS })
      expect(report, JSON.stringify(observed)).toBe('')
    },
  )
})
