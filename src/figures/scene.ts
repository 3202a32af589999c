import { lanesOf, LOOKS, type Bar, type Mark, type Row } from './rows.ts'

/** An element of SVG. */
export interface Shape {
  readonly tag: 'rect' | 'circle' | 'path' | 'text'
  readonly attributes: Readonly<Record<string, string | number>>
  readonly text?: string
}

/** Sizes in px, in the picture's own coordinates. */
export const WIDTH = 360
const [LEFT, RIGHT, TOP] = [84, 346, 20] as const
/** The minimal and maximal height of a row, and the gap below it. */
const [LEAST, MOST, GAP] = [26, 46, 7] as const
/** The maximal height of a lane, and the padding above and below the lanes. */
const [LANE, PAD] = [9, 3] as const
/** How long a request is drawn on its way to the process that accepts it, as a part of the picture's time. */
const TRAVEL = 0.035
/** The text of a mark closer than this to the right edge is drawn to the left of the mark. */
const ROOM = 78

/** The height of a picture with this many rows. */
export function heightOf(rows: number): number {
  return TOP + rows * ((rows > 3 ? LEAST : MOST) + GAP)
}

interface View {
  readonly from: number
  readonly until: number
  /** The picture's height. */
  readonly height: number
  /** The moment that is shown, in virtual ms; later events are not drawn. */
  readonly now: number
  /** The label of a second; `{seconds}` is replaced by the number. */
  readonly seconds: string
}

/** Maps rows and times to positions. */
interface Grid {
  readonly row: number
  /** The upper edge of a row. */
  readonly y: (index: number) => number
  readonly x: (at: number) => number
}

/** Fewer rows are drawn higher. */
function gridOf(rows: number, { from, until, height }: View): Grid {
  const pitch = Math.min(MOST + GAP, (height - TOP) / Math.max(1, rows))
  return {
    row: pitch - GAP,
    y: (index) => TOP + index * pitch,
    x: (at) => LEFT + ((Math.max(from, at) - from) / (until - from)) * (RIGHT - LEFT),
  }
}

/** The shapes of rows at a moment. */
export function scene(rows: readonly Row[], view: View): readonly Shape[] {
  const { from, until, now, height } = view
  const grid = gridOf(rows.length, view)
  const { x } = grid
  const shapes: Shape[] = [...axis(view, x)]
  const places = new Map<number, { row: number; bar: Bar }[]>()
  rows.forEach((row, index) => {
    const y = grid.y(index)
    const look = row.look === undefined ? 'nobody' : `w${((row.look - 1) % LOOKS) + 1}`
    shapes.push(...label(row, y + grid.row / 2, look))
    for (const box of row.boxes ?? []) {
      if (box.from > now || (box.until ?? now) <= from) continue
      const end = Math.min(box.until ?? now, now)
      shapes.push(rect(`box ${box.kind} ${look}`, x(box.from), y, x(end) - x(box.from), grid.row))
      if (box.text !== undefined)
        shapes.push(text(`told ${box.kind}`, x(box.from) + 5, y + grid.row - 7, box.text))
    }
    const { lanes, count } = lanesOf(row.bars ?? [])
    const lane = Math.min(LANE, (grid.row - 2 * PAD) / Math.max(1, count))
    row.bars?.forEach((bar, order) => {
      places.set(bar.request, [...(places.get(bar.request) ?? []), { row: index, bar }])
      if (bar.from > now) return
      const end = Math.min(bar.until ?? now, now)
      const top = y + PAD + (lanes[order] ?? 0) * lane
      const width = Math.max(2, x(end) - x(bar.from))
      // A lost request is marked at its end.
      const kind = bar.kind !== 'lost' || (bar.until ?? Infinity) <= now ? bar.kind : 'served'
      shapes.push(rect(`bar ${kind} ${look}`, x(bar.from), top, width, Math.max(1.5, lane - 1)))
      if (kind === 'lost') shapes.push(cross(x(end), top + lane / 2, 3.5))
    })
    for (const mark of row.marks ?? [])
      if (mark.at <= now) shapes.push(...markAt(mark, x(mark.at), y, grid.row))
  })
  shapes.push(...travelling(places, now, (until - from) * TRAVEL, queueOf(rows, grid), grid))
  if (now < until) shapes.push(path('hand', `M${fix(x(now))} ${TOP - 6}V${height}`))
  return shapes
}

/** An axis of whole seconds, about four of them with a label. */
function axis({ from, until, seconds }: View, x: (at: number) => number): Shape[] {
  const span = (until - from) / 1000
  const every = [1, 2, 5, 10, 20, 50, 100].find((each) => span / each <= 4.5) ?? 200
  return Array.from({ length: Math.floor(span / every) + 1 }, (_, index) => {
    const at = x(from + index * every * 1000)
    return [
      path('tick', `M${fix(at)} ${TOP - 4}V400`),
      text('axis', at, 11, seconds.replace('{seconds}', String(index * every))),
    ]
  }).flat()
}

function label({ label: name, detail }: Row, middle: number, look: string): Shape[] {
  if (detail === undefined) return [text(`name ${look}`, 4, middle + 4, name)]
  return [text(`name ${look}`, 4, middle - 2, name), text('detail', 4, middle + 11, detail)]
}

function markAt({ kind, text: told }: Mark, x: number, y: number, row: number): Shape[] {
  const left = x > RIGHT - ROOM
  const shape =
    kind === 'death'
      ? cross(x, y + row / 2, 6)
      : path(`point ${kind}`, `M${fix(x - 5)} ${y - 3}h10l-5 8z M${fix(x)} ${y + 5}V${fix(y + row)}`)
  return told === ''
    ? [shape]
    : [shape, text(`told ${kind} ${left ? 'end' : ''}`, x + (left ? -8 : 8), y + row / 2 + 4, told)]
}

/** Where requests come from: the row in which they wait, or above the picture. */
function queueOf(rows: readonly Row[], grid: Grid): number {
  const index = rows.findIndex(({ queue }) => queue === true)
  return index < 0 ? TOP - 8 : grid.y(index) + grid.row / 2
}

/** Requests on their way from the row where they waited to the process that accepted them. */
function travelling(
  places: ReadonlyMap<number, readonly { row: number; bar: Bar }[]>,
  now: number,
  takes: number,
  start: number,
  grid: Grid,
): Shape[] {
  return [...places.values()].flatMap((stops) => {
    const to = stops.at(-1)
    if (to === undefined || to.bar.kind === 'waiting') return []
    const part = (now - to.bar.from) / takes
    if (part < 0 || part >= 1) return []
    const end = grid.y(to.row) + grid.row / 2
    return [
      {
        tag: 'circle' as const,
        attributes: { class: 'dot', cx: fix(grid.x(now)), cy: fix(start + (end - start) * part), r: 4 },
      },
    ]
  })
}

function rect(name: string, x: number, y: number, width: number, height: number): Shape {
  const [left, top] = [fix(x), fix(y)]
  return {
    tag: 'rect',
    attributes: { class: name, x: left, y: top, width: fix(Math.max(0, width)), height: fix(height), rx: 2 },
  }
}

function cross(x: number, y: number, size: number): Shape {
  const [left, top, both] = [fix(x - size), fix(y - size), 2 * size]
  return path('cross', `M${left} ${top}l${both} ${both}m0-${both}l-${both} ${both}`)
}

function path(name: string, d: string): Shape {
  return { tag: 'path', attributes: { class: name, d } }
}

function text(name: string, x: number, y: number, told: string): Shape {
  return { tag: 'text', attributes: { class: name.trim(), x: fix(x), y: fix(y) }, text: told }
}

function fix(value: number): number {
  return Math.round(value * 10) / 10
}
