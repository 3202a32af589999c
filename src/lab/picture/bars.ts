import { svg, type SVGTemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
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

/** Bars that ended within so many ms of each other share a path: once these are over, it stays as it is. */
const TOGETHER = 1000

/**
 * The requests of a row: one path for many, since thousands of elements would take longer than a frame, and so would a path
 * of thousands of bars that is read anew with each of them.
 */
export function bars(all: readonly Bar[], lanes: Lanes, now: number): SVGTemplateResult {
  const paths = new Map<number, { readonly kind: Kind; d: string }>()
  for (const bar of all) {
    const kind = kindOf(bar)
    const key =
      bar.until === undefined ? Infinity : Math.floor(bar.until / TOGETHER) * 2 + Number(kind === 'lost')
    const drawn = bar.until === undefined ? path(bar, lanes, now) : past(bar, lanes)
    const before = paths.get(key)
    if (before === undefined) paths.set(key, { kind, d: drawn })
    else before.d += drawn
  }
  // Always in the same order: no element has to move.
  const inOrder = [...paths].toSorted(([a], [b]) => a - b)
  return svg`${repeat(
    inOrder,
    ([key]) => key,
    ([, { kind, d }]) => svg`<path class="bar ${kind}" d=${d} />`,
  )}`
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
