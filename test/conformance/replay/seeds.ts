import { judge, type JudgeOptions, type Verdict } from '../judge/judge.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import type { World } from './world.ts'

/** The result of a search for a seed. */
export interface SeedFound extends Verdict {
  /** The seed that gives the recorded outcome, or the one that came nearest. */
  readonly seed: number
  /** How many were tried. */
  readonly tried: number
  readonly observed: Observed
}

/**
 * Searches for a seed with which a world does as recorded: where the original's outcome is chance, some seed must give the recorded one.
 * @param seeds how many to try, counting up from `from` (1)
 */
export async function someSeed(
  recorded: Recorded,
  world: World,
  options: JudgeOptions & { readonly seeds?: number; readonly from?: number } = {},
): Promise<SeedFound> {
  const { seeds = 200, from = 1 } = options
  let nearest: { seed: number; report: string; observed: Observed } | undefined
  for (let tried = 1; tried <= seeds; tried++) {
    const seed = from + tried - 1
    const observed = await world.run(recorded, { seed })
    const { same, report } = judge(recorded, observed, { ...options, brief: true })
    if (same) return { same, report, seed, tried, observed }
    // The shorter the complaint, the nearer.
    if (nearest === undefined || report.length < nearest.report.length) nearest = { seed, report, observed }
  }
  if (nearest === undefined) throw new Error(`someSeed: expected at least one seed to try, got ${seeds}`)
  const { seed, observed } = nearest
  const verdict = judge(recorded, observed, options)
  if (verdict.same) return { ...verdict, seed, tried: seeds, observed }
  return {
    same: false,
    seed,
    tried: seeds,
    observed,
    report: `no seed from ${from} to ${from + seeds - 1} gives the recorded outcome; nearest is ${seed}:\n${verdict.report}`,
  }
}
