import { expect } from '@playwright/test'
import { EDITIONS, everyRecording } from '../conformance/every.ts'
import { CONFORMANCE, FIRST_EDITIONS, firstCut } from '../conformance/recording/first-cut.ts'
import { judge } from '../conformance/judge/judge.ts'
import { someSeed } from '../conformance/replay/seeds.ts'
import { virtualWorld } from '../conformance/replay/virtual-world.ts'
import { inTurn } from '../setup/seed.ts'
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

const recordings = [...firstCut(CONFORMANCE), ...everyRecording(OTHERS, OTHERS_DO)]

for (const recorded of inTurn('recordings with Web Workers', recordings, 1 / 6)) {
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
