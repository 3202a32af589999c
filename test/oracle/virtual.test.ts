import { describe, expect, test } from 'vitest'
import { firstCut } from './first-cut.ts'
import { someSeed } from './seeds.ts'
import { virtualWorld } from './virtual-world.ts'

describe('on the virtual host some seed gives what was recorded', () => {
  test.each(
    firstCut().map(
      (recorded) => [`${recorded.program} ${recorded.version} ${recorded.name}`, recorded] as const,
    ),
  )('%s', async (_, recorded) => {
    const { same, report } = await someSeed(recorded, virtualWorld, { seeds: 2000 })
    expect(same, report).toBe(true)
  })
})
