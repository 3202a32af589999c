import { expect } from '@playwright/test'
import { EDITIONS, everyRecording } from '../oracle/every.ts'
import { CONFORMANCE, FIRST_EDITIONS, firstCut } from '../oracle/first-cut.ts'
import { judge } from '../oracle/judge.ts'
import { someSeed } from '../oracle/seeds.ts'
import { virtualWorld } from '../oracle/virtual-world.ts'
import { browserWorld } from './browser-world.ts'
import { test } from './room.ts'

// A trace keeps the page before and after each of thousands of calls.
test.use({ trace: 'off' })

/** Each read of the clock costs something, so a loop that reads it ends a little later than a script says. */
const COSTS_TIME = ['hung-busy-loop']

/** The versions that differ from the first ones in named rules: how they start, and how they replace their workers or do not. */
const OTHERS = EDITIONS.filter(
  (edition) =>
    !FIRST_EDITIONS.some(
      ({ program, version }) => program === edition.program && version === edition.version,
    ),
)
const OTHERS_DO = ['start-4', 'kill9-worker', 'hup', 'ctrl-c'] as const

for (const recorded of [...firstCut(CONFORMANCE), ...everyRecording(OTHERS, OTHERS_DO)]) {
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
