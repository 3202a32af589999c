import { asBytes, imitate } from '../conformance/replay/imitate.ts'
import { judge } from '../conformance/judge/judge.ts'
import { otherEnding } from '../conformance/exceptions/two-endings.ts'
import type { Recorded } from '../conformance/recording/scenario.ts'
import { bareVersion } from './edition.ts'

/** How two recordings of a scenario relate. */
export interface Comparison {
  /** `same`: line by line, as the judge reads it. `by chance`: but for what `races.ts` knows to be chance. */
  readonly verdict: 'same' | 'by chance' | 'different'
  /** Empty when they are the same. */
  readonly report: string
}

/** How long a client's request may take longer or shorter in the second recording, in seconds. */
const SECONDS = 3

/** Compares two recordings; that they are of different versions is not held against them. */
export function compare(first: Recorded, second: Recorded): Comparison {
  const there = { ...first, lines: renamed(first, second.version) }
  const run = imitate(second)
  // Who said an anonymous line is a guess: where it is a wrong one, the text alone may still agree.
  const runs = [run, asBytes(run, second.medium.kind === 'pipes')]
  const strict = judge(there, run, { seconds: SECONDS, brief: true })
  if (runs.some((one) => judge(there, one, { seconds: SECONDS, brief: true }).same))
    return { verdict: 'same', report: '' }
  const endings = [there, otherEnding(there)].filter((one) => one !== undefined)
  const agrees = (one: Recorded) =>
    runs.some((some) => judge(one, some, { seconds: SECONDS, races: true }).same)
  if (endings.some(agrees)) return { verdict: 'by chance', report: strict.report }
  return { verdict: 'different', report: judge(there, run, { seconds: SECONDS, races: true }).report }
}

function renamed({ lines, version, program }: Recorded, other: string): Recorded['lines'] {
  const [from, to] = [`${program} ${bareVersion(version)}`, `${program} ${bareVersion(other)}`]
  const of = (some: readonly string[]) => some.map((line) => line.replaceAll(from, to))
  return 'stderr' in lines ? { stderr: of(lines.stderr), stdout: of(lines.stdout) } : of(lines)
}
