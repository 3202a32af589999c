import { lookUp } from '../../../simulator/manager/look-up.ts'
import { html, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'
import type { Speech } from '../words.ts'
import type { Geometry } from './geometry.ts'
import type { TimeScale } from './scale.ts'

/** Looking back: the time marker can be dragged along the rows. */
export interface ScrubberProps {
  /** The end of the machine's past, in virtual ms. */
  readonly until: number
  /** The time at the left end while the time marker is dragged; `undefined`: the picture follows the marker. */
  readonly from: number | undefined
  /** The time marker was moved to `at`; `from` is the time at the left end then. */
  readonly onMoment: (at: number, from: number) => void
}

/** The scale while the left end stands still: the time marker moves over the rows, and scrolls them when it leaves them. */
export function scrubbedScale(scale: TimeScale, { from, until }: ScrubberProps, span: number): TimeScale {
  if (from === undefined) return scale
  const least = scale.now - span
  const most = Math.max(0, Math.min(scale.now, until - span))
  return { ...scale, from: Math.max(0, least, Math.min(from, Math.max(least, most), scale.now)) }
}

/** How far a key moves the time marker, in ms. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -100,
  ArrowDown: -100,
  ArrowRight: 100,
  ArrowUp: 100,
  PageDown: -5000,
  PageUp: 5000,
}

interface Scrubbed {
  readonly now: number
  readonly scale: TimeScale
  readonly geometry: Geometry
  readonly speech: Speech
}

/** The transparent layer over the rows that takes the pointer and the keys. */
export function scrubber(
  lookBack: ScrubberProps,
  { now, scale, geometry, speech }: Scrubbed,
): TemplateResult {
  const { left, right, head, height, foot } = geometry
  const box = {
    left: `${left}px`,
    top: `${head - 30}px`,
    width: `${right - left + 10}px`,
    height: `${(foot === undefined ? height : foot - 24) - head + 30}px`,
  }
  const move = (at: number): void => lookBack.onMoment(Math.min(lookBack.until, Math.max(0, at)), scale.from)
  const drag = (event: PointerEvent): void => {
    const { left: edge } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    move(scale.from + (event.clientX - edge) / scale.perMs)
  }
  const words = speech.words.picture
  const seconds = (ms: number): string => (ms / 1000).toFixed(1)
  return html`<div
    class="scrub"
    role="slider"
    tabindex="0"
    aria-label=${words.moment}
    aria-valuemin="0"
    aria-valuemax=${Math.round(lookBack.until)}
    aria-valuenow=${Math.round(now)}
    aria-valuetext=${speech.say(words.momentOf, { seconds: seconds(now), total: seconds(lookBack.until) })}
    style=${styleMap(box)}
    @pointerdown=${(event: PointerEvent) => {
      if (event.button !== 0) return
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      drag(event)
    }}
    @pointermove=${(event: PointerEvent) => {
      if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) drag(event)
    }}
    @keydown=${(event: KeyboardEvent) => {
      const step = (lookUp(STEPS, event.key) ?? 0) * (event.shiftKey ? 10 : 1)
      const at = lookUp({ Home: 0, End: lookBack.until }, event.key) ?? now + step
      if (step === 0 && event.key !== 'Home' && event.key !== 'End') return
      event.preventDefault()
      move(at)
    }}
  ></div>`
}
