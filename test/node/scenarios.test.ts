import { describe, expect, it } from 'vitest'
import { firstCut } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import { expectedOnNode, replay } from '../oracle/world.ts'
import { RealDriver } from './real/driver.ts'

describe.concurrent('real processes print and do what the recordings show', () => {
  it.each(firstCut().map((recorded) => ({ recorded, ...recorded })))(
    '$program $version: $name',
    { timeout: 90_000 },
    async ({ recorded }) => {
      const driver = await RealDriver.make()
      const expected = expectedOnNode(recorded, {
        directory: driver.directory,
        port: driver.port,
        file: 'main.js',
      })
      const observed = await replay(expected, driver, { hurry: true })
      const { report } = judge(expected, observed, { races: true, seconds: 3 })
      const text = typeof observed.attributed === 'boolean' && !observed.attributed ? observed.text : ''
      expect(report, JSON.stringify(text)).toBe('')
    },
  )
})
