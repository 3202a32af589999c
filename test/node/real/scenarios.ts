import { describe, it } from 'vitest'
import type { Edition } from '../../oracle/load.ts'
import { everyRecording } from '../../oracle/every.ts'
import { CONFORMANCE } from '../../oracle/first-cut.ts'
import { timingOf } from '../../oracle/timing.ts'
import { otherEnding } from '../../oracle/two-endings.ts'
import type { Recorded } from '../../oracle/scenario.ts'
import { expectedOnNode, replay } from '../../oracle/world.ts'
import { leftOut } from '../left-out.ts'
import { RealDriver } from './driver.ts'
import { judgeApart } from './judge-apart.ts'

/** How far the end of a request may be off: a busy machine prints later, and the replay waits for what is printed. */
export const SECONDS = 10

/** Of the versions that nobody gets without asking: what every host must show, and where versions differ. */
const SELECTED = [
  ...CONFORMANCE,
  ...['start-1', 'start-4-pipe', 'start-4-silent-terminal', 'port-in-use', 'port-in-use-1', 'bad-module'],
  ...['lifespan-fail', 'worker-exit-3', 'hup-1-worker', 'hup-broken-code', 'max-requests', 'usr1', 'usr2'],
  ...['int-master', 'quit-master', 'kill9-master', 'hung-sigstop', 'inflight-ctrl-c-twice'],
]

/** The recordings of an edition that are run, the longest first: they run beside the others. */
export function recordingsOf(edition: Edition, which: 'all' | 'selected'): Recorded[] {
  return everyRecording([edition], which === 'all' ? undefined : SELECTED)
    .filter((recorded) => leftOut(recorded) === undefined)
    .toSorted((a, b) => timingOf(b).end - timingOf(a).end)
}

/** Runs a recording with real processes. */
export async function run(recorded: Recorded) {
  const driver = await RealDriver.make()
  const { place } = driver
  const expected = expectedOnNode(recorded, place)
  return { place, expected, observed: await replay(expected, driver, { hurry: true }) }
}

/**
 * The master of gunicorn 26.1.0 crashes at about the time at which its old workers have shut down, and here they end with it:
 * which comes first is the machine's chance, so that it has three.
 */
const CHANCE = 'hup-broken-code'

/** Declares the tests: every recording of the one edition, a selection of the others. */
export function testScenarios(whole: Edition, ...others: readonly Edition[]): void {
  const recordings = [
    ...recordingsOf(whole, 'all'),
    ...others.flatMap((edition) => recordingsOf(edition, 'selected')),
  ]
  describe.concurrent('real processes print and do what the recordings show', () => {
    it.each(recordings.map((recorded) => ({ recorded, ...recorded })))(
      '$program $version: $name',
      { timeout: 240_000 },
      async ({ recorded }) => {
        const options = { races: true, seconds: SECONDS }
        const reports: string[] = []
        for (
          let tries = recorded.version === '26.1.0' && recorded.name === CHANCE ? 3 : 1;
          tries > 0;
          tries--
        ) {
          const { expected, observed } = await run(recorded)
          for (const one of [expected, otherEnding(expected)]) {
            if (one === undefined) continue
            const { same, report } = await judgeApart(one, observed, options)
            if (same) return
            reports.push(`${report}\n${JSON.stringify(observed)}`)
          }
        }
        throw new Error(reports.join('\n'))
      },
    )
  })
}
