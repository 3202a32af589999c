/** How virtual time lies on the screen. */
export interface TimeScale {
  /** The time at the left end, in ms. */
  readonly from: number
  /** The time of the hand, in ms. */
  readonly now: number
  /** Left and right end, in px; the hand never passes the right one. */
  readonly left: number
  readonly right: number
  /** Pixels of a millisecond. */
  readonly perMs: number
}

/** The last `span` ms before `now`; at the beginning time runs from the left end. */
export function scaleOf(now: number, span: number, left: number, right: number): TimeScale {
  return { from: Math.max(0, now - span), now, left, right, perMs: (right - left) / span }
}

/** Where a time lies; before the left end it is that end. */
export function x(scale: TimeScale, at: number): number {
  return scale.left + Math.max(0, at - scale.from) * scale.perMs
}

/** Whether any of a stretch of time can be seen. */
export function isVisible(scale: TimeScale, from: number, until = Infinity): boolean {
  return until >= scale.from && from <= scale.now
}

/** The distances that the lines of an axis may have, in ms, and the least of them on the screen, in px. */
const DISTANCES = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000)
const APART = 50

/** The times at which the axis has a line: `least` ms apart, or further where they would stand too close. */
export function ticks(scale: TimeScale, least: number): number[] {
  const room = APART / scale.perMs
  const every =
    least >= room ? least : (DISTANCES.find((distance) => distance >= least && distance >= room) ?? room)
  const first = Math.floor(scale.from / every) + 1
  const count = Math.max(0, Math.floor(scale.now / every) - first + 1)
  return Array.from({ length: count }, (_, index) => (first + index) * every).filter(
    // Under the clock's own figure there is no room for another.
    (at) => scale.now - at > 55 / scale.perMs || at === 0,
  )
}
