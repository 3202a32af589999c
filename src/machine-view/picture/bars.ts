import { svg, type SVGTemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import {
  isLost,
  SERVER_ERROR,
  type Bar,
  type ProcessLife,
  type FinishedRequests,
} from '../../../simulator/machine/view/index.ts'

/** The shortest bar that can be seen. */
const LEAST = 3

/** Where the lanes of a row lie, in px, and how long a virtual ms is. */
export interface LaneGeometry {
  readonly top: number
  readonly lane: number
  readonly perMs: number
}

/** Finished requests that are still visible. */
export function visibleOver({ over }: ProcessLife, from: number): readonly FinishedRequests[] {
  return over.filter(({ second }) => (second + 1) * 1000 >= from)
}

/**
 * The requests of a process. Those that ended within the same second share one path: thousands of elements would take longer than a
 * frame, and so would one path of thousands of bars that is parsed again with each of them. Open ones reach to the time `further`.
 */
export function bars(
  life: ProcessLife,
  over: readonly FinishedRequests[],
  lanes: LaneGeometry,
  further: number,
): SVGTemplateResult {
  const open = life.open.map((bar) => path(bar, lanes, further)).join('')
  return svg`
    ${repeat(
      over,
      ({ second }) => second,
      (each) => {
        const { done, failed, lost } = past(each, lanes)
        return svg`${drawn('done', done)}${drawn('failed', failed)}${drawn('lost', lost)}`
      },
    )}
    ${drawn('open', open)}
  `
}

function drawn(kind: keyof Paths | 'open', d: string): SVGTemplateResult | undefined {
  return d === '' ? undefined : svg`<path class="bar ${kind}" d=${d} />`
}

interface Paths {
  readonly done: string
  /** Answered with 5xx. */
  readonly failed: string
  readonly lost: string
}

/** Paths of finished requests are cached as long as the lanes stay the same. */
const known = new WeakMap<FinishedRequests, LaneGeometry & Paths>()

function past(over: FinishedRequests, lanes: LaneGeometry): Paths {
  const before = known.get(over)
  if (before?.top === lanes.top && before.lane === lanes.lane && before.perMs === lanes.perMs) return before
  const texts = { done: '', failed: '', lost: '' }
  for (const bar of over.bars) texts[kindOf(bar)] += path(bar, lanes, bar.until ?? bar.from)
  const paths = { ...lanes, ...texts }
  known.set(over, paths)
  return paths
}

function kindOf({ end, status = 0 }: Bar): keyof Paths {
  if (end !== undefined && isLost(end)) return 'lost'
  return status >= SERVER_ERROR ? 'failed' : 'done'
}

function path(bar: Bar, { top, lane, perMs }: LaneGeometry, end: number): string {
  const width = Math.max(LEAST, (end - bar.from) * perMs).toFixed(1)
  const height = Math.max(1.5, lane - 1.4).toFixed(1)
  return `M${(1 + bar.from * perMs).toFixed(1)} ${(top + bar.lane * lane).toFixed(1)}h${width}v${height}h-${width}z`
}
