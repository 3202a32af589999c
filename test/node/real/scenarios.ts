import { describe, expect, it } from 'vitest'
import { at } from '../../conformance/replay/adapt.ts'
import { betterThan } from '../../conformance/exceptions/better-on-node.ts'
import type { Edition } from '../../conformance/recording/load.ts'
import { everyRecording } from '../../conformance/every.ts'
import { CONFORMANCE } from '../../conformance/recording/first-cut.ts'
import { timingOf } from '../../conformance/recording/timing.ts'
import { otherEnding } from '../../conformance/exceptions/two-endings.ts'
import type { Observed } from '../../conformance/recording/observed.ts'
import { allLines, type Recorded } from '../../conformance/recording/scenario.ts'
import { plain } from '../../conformance/judge/text.ts'
import { expectedOnNode, replay } from '../../conformance/replay/world.ts'
import { alwaysInTurn, inTurn } from '../../setup/seed.ts'
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
  ...[
    'hup-slow-start',
    'hup-inflight',
    'kept-hup',
    'paused-master',
    'lifespan-hang-term',
    'usr2-unix-socket',
  ],
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
  const observed = await replay(expected, driver, { hurry: true })
  if (!observed.attributed || !recorded.name.startsWith('lifespan-hang')) return { place, expected, observed }
  return { place, expected, observed: { ...observed, lines: observed.lines.filter(isOriginals) } }
}

/** Ours says what it waits for, after a time (`waiting.test.ts` has it); how long a replay takes is the machine's load. */
function isOriginals({ text }: { readonly text: string }): boolean {
  return !/is still (?:starting|shutting down): the promise of its|yet\. The server waits for it\./.test(text)
}

/**
 * Whether the health check has killed a worker that was still starting. The original does so after five seconds, and with fastapi nobody can
 * have it wait longer: on a machine that is so busy, a run says nothing of the recording.
 */
function wasTooBusy(recorded: Recorded, observed: Observed): boolean {
  if (!observed.attributed) return false
  return killsWhoStarts(observed.lines.map(({ text }) => text)) && !killsWhoStarts(allLines(recorded))
}

function killsWhoStarts(lines: readonly string[]): boolean {
  const all = lines.map(plain).join('\n')
  const named = (pattern: RegExp) => [...all.matchAll(pattern)].map(([, name]) => name)
  const started = new Set(named(/Started server process \[(\S+?)\]/g))
  return named(/Child process \[(\S+?)\] died/g).some((name) => !started.has(name))
}

/** How often a run may be begun again that says nothing of its recording. */
const RUNS = 3

/** Declares the tests: every recording of the one edition, a selection of the others. */
export function testScenarios(whole: Edition, ...others: readonly Edition[]): void {
  const { program } = whole
  const recordings = [
    ...inTurn(`recordings of ${program} with real processes`, recordingsOf(whole, 'all'), 1 / 5),
    // A full run plays all of them on the virtual host.
    ...alwaysInTurn(
      `recordings of other versions of ${program}`,
      others.flatMap((edition) => recordingsOf(edition, 'selected')),
      1 / 6,
      1 / 3,
    ),
  ]
  describe.concurrent('real processes print and do what the recordings show', () => {
    it.each(recordings.map((recorded) => ({ recorded, ...recorded })))(
      '$program $version: $name',
      { timeout: 240_000 },
      async ({ recorded }) => {
        const options = { races: true, seconds: SECONDS }
        let { place, expected, observed } = await run(recorded)
        for (let again = 1; again < RUNS && wasTooBusy(recorded, observed); again++)
          ({ place, expected, observed } = await run(recorded))
        const better = betterThan(recorded).map(({ id }) => id)
        const reports: string[] = []
        for (const one of [expected, otherEnding(expected)]) {
          if (one === undefined) continue
          const { same, report } = await judgeApart(one, observed, options)
          if (!same) {
            reports.push(`${report}\n${JSON.stringify(observed)}`)
            continue
          }
          if (better.length === 0) return
          const original = await judgeApart(at(place, recorded), observed, options)
          expect(original.same, `the original does the same: "${better.join()}" is not needed`).toBe(false)
          return
        }
        throw new Error(reports.join('\n'))
      },
    )
  })
}
