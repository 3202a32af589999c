import type { StepTiming } from '../conformance/recording/timing.ts'
import { plain } from '../conformance/judge/text.ts'

/** A line of the output, or a step, and when it came: seconds since the start. */
export interface Moment {
  readonly at: number
  readonly source: 'out' | 'step'
  readonly text: string
}

/** When each line of an output began to arrive. */
export function whenLinesCame(
  text: string,
  arrivals: readonly { readonly at: number; readonly length: number }[],
): readonly number[] {
  let from = 0
  return text.split('\n').map((line) => {
    const came = arrivals.find(({ length }) => length > from)?.at ?? arrivals.at(-1)?.at ?? 0
    from += line.length + 1
    return came
  })
}

/** The lines as they are recorded and the steps as the header has them, in the order in which they came. */
export function momentsOf(
  lines: readonly string[],
  came: readonly number[],
  steps: string,
  timing: readonly StepTiming[],
): readonly Moment[] {
  const out = lines.map((line, i): Moment => ({ at: came[i] ?? 0, source: 'out', text: plain(line) }))
  const done = steps.replaceAll('; workers alive:', ', workers alive:').split('; ')
  const said = timing.map(({ at }, i): Moment => {
    return { at, source: 'step', text: done[i]?.replace(', workers alive:', '; workers alive:') ?? '' }
  })
  return [...out, ...said].toSorted((a, b) => a.at - b.at)
}
