import { timingOf } from './timing.ts'
import type { Recorded, Step } from './scenario.ts'

/** Where the runner on Node is better than the original, and its transcript differs for that reason. */
export interface BetterOnNode {
  readonly id: string
  readonly reason: string
  readonly applies: (recorded: Recorded) => boolean
  /** What the recording would be, had the original been as good. */
  readonly expected: (recorded: Recorded) => Recorded
}

/** The table. A reload that loses no request, the other thing that is better, prints the same lines. */
export const BETTER_ON_NODE: readonly BetterOnNode[] = [
  {
    id: 'no worker outlives its manager',
    reason: 'In the original the workers of a killed master live on, serve, and hold the port.',
    applies: (recorded) => killsMaster(recorded) >= 0 && recorded.spawnOrder.length > 0,
    expected: withoutOrphans,
  },
]

/** The recording as it would be on Node. */
export function onNode(recorded: Recorded): Recorded {
  return BETTER_ON_NODE.reduce((now, entry) => (entry.applies(now) ? entry.expected(now) : now), recorded)
}

/** Which step kills the master: by SIGKILL, or by a signal that it has no handler for. */
function killsMaster({ steps, exit }: Recorded): number {
  if (exit.kind !== 'signal') return -1
  const { signal } = exit
  return steps.findIndex((step) => step.do === 'kill' && step.signal === signal && step.target === 'parent')
}

function withoutOrphans(recorded: Recorded): Recorded {
  const at = killsMaster(recorded)
  const before = timingOf(recorded).steps[at]?.lines ?? 0
  const steps = recorded.steps.map((step, i): Step => {
    if (i < at) return step
    if (step.do === 'alive') return { ...step, workers: [] }
    if (step.do === 'get' && !step.background) return { ...step, result: 'connection refused' }
    return step
  })
  if ('stderr' in recorded.lines)
    throw new Error(`${recorded.name}: a killed master was only recorded on a terminal`)
  return { ...recorded, steps, lines: recorded.lines.slice(0, before) }
}
