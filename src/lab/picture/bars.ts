import { svg, type SVGTemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { isLost, type Bar, type Life, type Over } from '../../../simulator/machine/view/index.ts'

/** The shortest bar that can be seen. */
const LEAST = 3

/** Where the lanes of a row lie, in px, and how long a virtual ms is. */
export interface Lanes {
  readonly top: number
  readonly lane: number
  readonly perMs: number
}

/** What is over and can still be seen. */
export function visibleOver({ over }: Life, from: number): readonly Over[] {
  return over.filter(({ second }) => (second + 1) * 1000 >= from)
}

/**
 * The requests of a process: one path for all that were over within a second, since thousands of elements would take longer than a
 * frame, and so would a path of thousands of bars that is read anew with each of them. Open ones reach to the time `further`.
 */
export function bars(life: Life, over: readonly Over[], lanes: Lanes, further: number): SVGTemplateResult {
  const open = life.open.map((bar) => path(bar, lanes, further)).join('')
  return svg`
    ${repeat(
      over,
      ({ second }) => second,
      (each) => {
        const { done, lost } = past(each, lanes)
        return svg`${drawn('done', done)}${drawn('lost', lost)}`
      },
    )}
    ${drawn('open', open)}
  `
}

function drawn(kind: 'done' | 'lost' | 'open', d: string): SVGTemplateResult | undefined {
  return d === '' ? undefined : svg`<path class="bar ${kind}" d=${d} />`
}

interface Paths {
  readonly done: string
  readonly lost: string
}

/** What is over stays as it is, as long as the lanes do. */
const known = new WeakMap<Over, Lanes & Paths>()

function past(over: Over, lanes: Lanes): Paths {
  const before = known.get(over)
  if (before?.top === lanes.top && before.lane === lanes.lane && before.perMs === lanes.perMs) return before
  const of = (lost: boolean): string =>
    over.bars
      .filter(({ end }) => end !== undefined && isLost(end) === lost)
      .map((bar) => path(bar, lanes, bar.until ?? bar.from))
      .join('')
  const paths = { ...lanes, done: of(false), lost: of(true) }
  known.set(over, paths)
  return paths
}

function path(bar: Bar, { top, lane, perMs }: Lanes, end: number): string {
  const width = Math.max(LEAST, (end - bar.from) * perMs).toFixed(1)
  const height = Math.max(1.5, lane - 1.4).toFixed(1)
  return `M${(1 + bar.from * perMs).toFixed(1)} ${(top + bar.lane * lane).toFixed(1)}h${width}v${height}h-${width}z`
}
