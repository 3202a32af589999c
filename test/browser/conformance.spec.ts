import { expect } from '@playwright/test'
import { CONFORMANCE, firstCut } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import { someSeed } from '../oracle/seeds.ts'
import { virtualWorld } from '../oracle/virtual-world.ts'
import { browserWorld } from './browser-world.ts'
import { test } from './room.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

/** Each read of the clock costs something, so a loop that reads it ends a little later than a script says. */
const COSTS_TIME = ['hung-busy-loop']

for (const recorded of firstCut(CONFORMANCE)) {
  const { program, version, name } = recorded

  test(`${program} ${version} with Web Workers: ${name}`, async ({ page }) => {
    const world = browserWorld(page)

    // Where the original's outcome is chance, the seed that gives it with scripts gives it with Web Workers as well.
    const scripted = await someSeed(recorded, virtualWorld, { seeds: 2000 })
    expect(scripted.same, scripted.report).toBe(true)
    const observed = await world.run(recorded, { seed: scripted.seed })
    const verdict = judge(recorded, observed)
    expect(verdict.same, verdict.report).toBe(true)
    if (!COSTS_TIME.includes(name)) expect(observed).toEqual(scripted.observed)
  })
}
