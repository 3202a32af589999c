import { html, nothing, svg, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'
import {
  boxes,
  deaths,
  currentProcess,
  isClosed,
  openRequests,
  serverOf,
  type Picture,
  type WorkerSlot,
} from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import { describe } from './describe.ts'
import { slotClasses } from './drawn.ts'

/** The time span shown, in virtual ms. */
const SPAN = 8000
/** Height of all rows together, in px. */
const HEIGHT = 56
const TALLEST = 14
/** Below this height (px) a row has no room for its number. */
const NAMED = 11
/** How many placeholder rows are drawn before there is a server. */
const GHOSTS = 4

/** The workers' rows alone, for the collapsed dock. */
export function mini(picture: Picture, now: number, speech: Speech): TemplateResult {
  const from = Math.max(0, now - SPAN)
  const slots = picture.slots.filter((slot) => {
    const last = slot.lives.at(-1)
    const over =
      last?.until !== undefined && last.until < from && serverOf(picture, last.server) === undefined
    return !isClosed(slot) && !over
  })
  const height = Math.min(TALLEST, HEIGHT / Math.max(GHOSTS, slots.length))
  return html`<div
    class="mini"
    role="img"
    aria-label=${`${speech.words.picture.label}. ${describe(picture, slots, speech)}`}
  >
    ${
      slots.length === 0
        ? Array.from({ length: GHOSTS }, () => row(undefined, height, nothing))
        : slots.map((slot) => row(slot, height, life(slot, from, now, height)))
    }
  </div>`
}

function row(slot: WorkerSlot | undefined, height: number, inside: unknown): TemplateResult {
  const pid = slot && currentProcess(slot)?.pid
  const ghost = slot === undefined
  return html`<div
    class="mini-row ${ghost ? 'ghost' : slotClasses(slot)}"
    style=${styleMap({ height: `${height}px` })}
    aria-hidden="true"
  >
    <span class="who">${height < NAMED ? nothing : pid}</span>
    <svg width="100%" height=${height - 3}>
      ${ghost ? svg`<rect x="0.5" y="0.5" width="99.8%" height=${height - 4} rx="2" />` : inside}
    </svg>
  </div>`
}

function life(slot: WorkerSlot, from: number, now: number, height: number): unknown {
  const percent = (at: number): number => Math.max(0, Math.min(100, ((at - from) / SPAN) * 100))
  const held = currentProcess(slot)
  return svg`
    ${boxes(slot)
      .filter(({ until = Infinity }) => until > from)
      .map((box) => {
        const start = percent(box.from)
        const busy = box.pid === held?.pid && box.until === undefined && openRequests(held) > 0
        return svg`<rect
          class="life ${box.kind} ${busy ? 'busy' : ''}"
          x="${start}%"
          y="0.5"
          width="${percent(box.until ?? now) - start}%"
          height=${height - 4}
          rx="2"
        />`
      })}
    ${deaths(slot)
      .filter(({ at, quiet }) => at > from && !quiet)
      .map(
        ({ at }) =>
          svg`<svg class="cross" x="${percent(at)}%" y=${(height - 3) / 2}><path d="m-4-4 8 8m0-8-8 8" /></svg>`,
      )}
  `
}
