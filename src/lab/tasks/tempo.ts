import { SPEEDS, type Speed } from '../../../simulator/machine/speed.ts'
import type { Step } from '../../../simulator/scenario/index.ts'

/** The longest wait for one step, and for a whole solution, in wall-clock ms. */
const LONGEST_WAIT = { question: 8000, solution: 2500 } as const
const LONGEST_SOLUTION = 10_000
/** A wait that would take longer than this at the highest speed (ms) is skipped. */
const LONGEST_AT_MOST = 16_000

const FASTEST = Math.max(...SPEEDS)

/** How a wait passes: at a speed, or skipped. */
export type Tempo = Speed | 'skip'

/**
 * How the waits between steps pass.
 * @param kind a question is watched at the speed that it names, a solution should end soon
 * @param speed the lowest speed
 */
export function tempo(
  kind: 'question' | 'solution',
  steps: readonly Step[],
  speed: Speed = 1,
): (wait: number) => Tempo {
  const total = steps.reduce((sum, { after }) => sum + after, 0)
  const least = kind === 'solution' ? Math.max(speed, total / LONGEST_SOLUTION) : speed
  return (wait) => {
    if (wait / FASTEST > LONGEST_AT_MOST) return 'skip'
    const wanted = Math.max(least, wait / LONGEST_WAIT[kind])
    return SPEEDS.find((each) => each >= wanted) ?? 20
  }
}
