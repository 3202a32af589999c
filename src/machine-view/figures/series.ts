import type { Measures, SHARES } from './measures.ts'

/** How many seconds are shown. */
export const SHOWN = 60

export type PlotName = 'requests' | 'latency' | 'memory' | 'processor'

/** The values of the plots up to a moment: for each plot its lines, second by second. */
export interface Series {
  readonly seconds: readonly number[]
  readonly plots: Readonly<Record<PlotName, readonly (readonly (number | null)[])[]>>
}

const MB = 1_000_000

/** The last minute up to a moment (virtual ms), for a machine of this size. */
export function seriesOf(
  measures: Measures,
  until: number,
  machine: { readonly cores: number; readonly memory: number },
): Series {
  const last = Math.max(0, Math.floor(until / 1000))
  const first = Math.max(0, last - SHOWN)
  const seconds = Array.from({ length: last - first }, (_, index) => first + index)
  // A second without events is not in the list; memory stays as it was before.
  const at = (second: number) => measures.second(second)
  const memory = (second: number) => (at(second) ?? measures.last)?.memory ?? 0
  const latency = (share: (typeof SHARES)[number]) =>
    seconds.map((second) => measures.latency(second, share) ?? null)
  return {
    seconds: seconds.map((second) => second + 1),
    plots: {
      requests: [
        seconds.map((second) => at(second)?.answered ?? 0),
        seconds.map((second) => at(second)?.errors ?? 0),
        seconds.map((second) => at(second)?.unanswered ?? 0),
      ],
      latency: [latency(0.5), latency(0.95), latency(0.99)],
      memory: [seconds.map((second) => memory(second) / MB), seconds.map(() => machine.memory / MB)],
      processor: [
        seconds.map((second) => Math.min(100, ((at(second)?.cpu ?? 0) / (1000 * machine.cores)) * 100)),
      ],
    },
  }
}
