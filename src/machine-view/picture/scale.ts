/** The mapping of virtual time to the screen. */
export interface TimeScale {
  /** The time at the left end, in ms. */
  readonly from: number
  /** The time of the time marker, in ms. */
  readonly now: number
  /** Left and right end, in px; the time marker never passes the right one. */
  readonly left: number
  readonly right: number
  /** Pixels per millisecond. */
  readonly perMs: number
}

/** Shows the last `span` ms before `now`; at the beginning, time starts at the left end. */
export function scaleOf(now: number, span: number, left: number, right: number): TimeScale {
  return { from: Math.max(0, now - span), now, left, right, perMs: (right - left) / span }
}

/** The x position of a time; times before the left end are at that end. */
export function x(scale: TimeScale, at: number): number {
  return scale.left + Math.max(0, at - scale.from) * scale.perMs
}

/** Whether any part of a span of time is visible. */
export function isVisible(scale: TimeScale, from: number, until = Infinity): boolean {
  return until >= scale.from && from <= scale.now
}

/** The possible distances of an axis's lines, in ms, and their minimal distance on the screen, in px. */
const DISTANCES = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000)
const APART = 50

/** The times of the axis lines: `least` ms apart, or further where they would be too close. */
export function ticks(scale: TimeScale, least: number): number[] {
  const room = APART / scale.perMs
  const every =
    least >= room ? least : (DISTANCES.find((distance) => distance >= least && distance >= room) ?? room)
  const first = Math.floor(scale.from / every) + 1
  const count = Math.max(0, Math.floor(scale.now / every) - first + 1)
  return Array.from({ length: count }, (_, index) => (first + index) * every).filter(
    // The time marker has its own label there.
    (at) => scale.now - at > 55 / scale.perMs || at === 0,
  )
}
