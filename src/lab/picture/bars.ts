import { nothing, svg, type SVGTemplateResult } from 'lit'
import type { Bar } from '../../../simulator/machine/view/index.ts'

/** The shortest bar that can be seen. */
const LEAST = 3

/** Where the lanes of a row lie, in px, and how long a virtual ms is. */
export interface Lanes {
  readonly top: number
  readonly lane: number
  readonly perMs: number
}

type Kind = 'done' | 'open' | 'lost'
const KINDS: readonly Kind[] = ['done', 'open', 'lost']

/** The requests of a row: one path for each kind, since thousands of elements would take longer than a frame. */
export function bars(all: readonly Bar[], lanes: Lanes, now: number): SVGTemplateResult {
  const paths: Record<Kind, string> = { done: '', open: '', lost: '' }
  for (const bar of all)
    paths[kindOf(bar)] += bar.until === undefined ? path(bar, lanes, now) : past(bar, lanes)
  return svg`${KINDS.map((kind) => (paths[kind] === '' ? nothing : svg`<path class="bar ${kind}" d=${paths[kind]} />`))}`
}

function kindOf({ end }: Bar): Kind {
  if (end === undefined) return 'open'
  return end === 'cut-off' || end === 'closed' ? 'lost' : 'done'
}

/** A bar that is over stays as it is, as long as the lanes do. */
const known = new WeakMap<Bar, Lanes & { readonly path: string }>()

function past(bar: Bar, lanes: Lanes): string {
  const before = known.get(bar)
  if (before?.top === lanes.top && before.lane === lanes.lane && before.perMs === lanes.perMs)
    return before.path
  const drawn = path(bar, lanes, bar.until ?? bar.from)
  known.set(bar, { ...lanes, path: drawn })
  return drawn
}

function path(bar: Bar, { top, lane, perMs }: Lanes, end: number): string {
  const width = Math.max(LEAST, (end - bar.from) * perMs).toFixed(1)
  const height = Math.max(1.5, lane - 1.4).toFixed(1)
  return `M${(1 + bar.from * perMs).toFixed(1)} ${(top + bar.lane * lane).toFixed(1)}h${width}v${height}h-${width}z`
}
