import { nothing, svg, type SVGTemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import {
  boxes,
  deaths,
  type Bar,
  type LifeBox,
  type WorkerSlot,
} from '../../../simulator/machine/view/index.ts'
// Not from the index, which would import every lab's scenario.
import { answerField } from '../../../simulator/scenario/goal/match.ts'
import { bars, visibleOver } from './bars.ts'
import { slotClasses, type DrawingInput } from './drawn.ts'
import type { Row } from './geometry.ts'
import { deathLabels, type DeathLabel } from './labels.ts'
import { isVisible, ticks, x, type TimeScale } from './scale.ts'
import { parentEnd } from './servers.ts'
import { textWidth } from './text-width.ts'

/** The parts that move with time: the rows, and the time marker on them. */
export function rows(drawn: DrawingInput): SVGTemplateResult {
  const { geometry, slots } = drawn
  return svg`
    ${axis(drawn)} ${track(drawn)} ${hand(drawn)}
    ${slots.map((slot, index) => fates(drawn, slot, geometry.rows[index]))}
  `
}

function axis(drawn: DrawingInput): SVGTemplateResult {
  const { geometry, scale, speech } = drawn
  // The text about the parent stands in the same line, and in a narrow picture reaches into it.
  const taken = parentEnd(drawn) + 6
  const bottom = (geometry.rows.at(-1)?.y ?? 0) + geometry.row + 8
  return svg`<g class="axis">
    ${ticks(scale, geometry.every).map((at) => {
      const tick = x(scale, at).toFixed(1)
      const label = speech.say(speech.words.picture.seconds, { seconds: at / 1000 })
      const free = Number(tick) - textWidth(label) / 2 > taken
      return svg`
        <path d="M${tick} ${geometry.head + 8}V${bottom}" />
        ${free ? svg`<text x=${tick} y=${geometry.head}>${label}</text>` : nothing}`
    })}
  </g>`
}

/**
 * The processes and requests of all rows, clipped at the left end; one transform scrolls them all. What has not ended is drawn beyond
 * the time marker and clipped there, so that it need not be redrawn in every frame.
 */
function track(drawn: DrawingInput): SVGTemplateResult {
  const { geometry, scale, slots, bars: field } = drawn
  const { left, right, height } = geometry
  const shift = (-scale.from * scale.perMs).toFixed(2)
  const span = (right - left) / scale.perMs
  const further = (Math.floor(scale.now / span) + 1) * span
  const inRow = (draw: (slot: WorkerSlot, row: Row) => unknown): unknown =>
    slots.map((slot, index) => {
      const row = geometry.rows[index]
      return row === undefined ? nothing : draw(slot, row)
    })
  return svg`<svg x=${left - 1} y="0" width=${right - left + 2} height=${height}>
    <g transform="translate(${shift} 0)">
      <svg width=${(at(scale, scale.now) + 1).toFixed(1)} height=${height}>
        ${inRow((slot, row) => {
          const { from, perMs } = scale
          // Redrawn once a second only: what has scrolled off at the left may stay a little longer.
          const shows = [slot, row.y, geometry.row, perMs, further, Math.floor(from / 1000), field]
          return guard(shows, () => lives(drawn, slot, row, further))
        })}
      </svg>
      ${field === undefined ? nothing : inRow((slot, row) => barTexts(slot, row, field, scale))}
    </g>
  </svg>`
}

function lives(
  { geometry, scale, bars: field }: DrawingInput,
  slot: WorkerSlot,
  row: Row,
  further: number,
): SVGTemplateResult {
  const visible = boxes(slot).filter((box) => isVisible(scale, box.from, box.until))
  const shown = slot.lives.map((life) => [life, visibleOver(life, scale.from)] as const)
  const taken = shown.flatMap(([{ open }, over]) => [
    ...open.map((bar) => bar.lane + 1),
    ...over.map((each) => each.lanes),
  ])
  const lane = (geometry.row - 4) / Math.max(field === undefined ? 4 : 2, ...taken)
  const lanes = { top: row.y + 3, lane, perMs: scale.perMs }
  return svg`<g class=${slotClasses(slot)}>
    ${visible.map((box) => drawBox(box, row, geometry.row, scale, further))}
    ${shown.map(([life, over]) => bars(life, over, lanes, further))}
  </g>`
}

/** The x position of a time on the track. */
function at({ perMs }: TimeScale, time: number): number {
  return 1 + time * perMs
}

function drawBox(
  box: LifeBox,
  row: Row,
  height: number,
  scale: TimeScale,
  further: number,
): SVGTemplateResult {
  const start = at(scale, box.from)
  const width = Math.max(1, at(scale, box.until ?? further) - start)
  const y = box.half === 'lower' ? row.y + height / 2 + 1 : row.y
  const tall = box.half === 'whole' ? height : height / 2 - 1
  return svg`<rect class="life ${box.kind}" x=${start.toFixed(1)} y=${y} width=${width.toFixed(1)} height=${tall} rx="3" />`
}

/** How far a bar's text may overflow it, in px. */
const ROOM_BESIDE = 8

function barTexts(slot: WorkerSlot, row: Row, field: string, scale: TimeScale): unknown {
  return slot.lives.map((life) =>
    visibleOver(life, scale.from)
      .flatMap(({ bars }) => bars.filter((bar) => isVisible(scale, bar.from, bar.until)))
      .map((bar) => barText(bar, life.pid, field, row, scale)),
  )
}

/** The value from the response and the PID that answered, under the bar; the value alone when both do not fit. */
function barText(
  bar: Bar,
  pid: number,
  field: string,
  row: Row,
  scale: TimeScale,
): SVGTemplateResult | typeof nothing {
  const value = answerField(bar.answer, field)
  if (typeof value !== 'string' && typeof value !== 'number') return nothing
  const start = at(scale, bar.from)
  const room = at(scale, bar.until ?? bar.from) - start
  const both = `${value} · ${pid}`
  const text = textWidth(both, 9) <= room + ROOM_BESIDE ? both : String(value)
  return svg`<text class="bar-text" x=${(start + 2).toFixed(1)} y=${row.y + 2 * (row.middle - row.y) - 4}>${text}</text>`
}

/** Crosses of deaths, and their labels. */
function fates(
  { geometry, scale, speech }: DrawingInput,
  slot: WorkerSlot,
  row: Row | undefined,
): SVGTemplateResult | typeof nothing {
  if (row === undefined) return nothing
  return svg`${deathLabels(deaths(slot), scale, geometry.width, speech).map((label) => fate(label, row, scale))}`
}

function fate({ death, cross, left, right }: DeathLabel, row: Row, scale: TimeScale): SVGTemplateResult {
  const shown = death.at >= scale.from
  return svg`
    ${
      shown && !death.quiet
        ? svg`<path class="cross" d="M${(cross - 5).toFixed(1)} ${row.middle - 5}l10 10m0-10l-10 10" />`
        : nothing
    }
    ${left === undefined || !shown ? nothing : svg`<text class="fate" x=${left.x.toFixed(1)} y=${row.y - 5}>${left.text}</text>`}
    ${right === undefined ? nothing : svg`<text class="soft fate-seen" x=${right.x.toFixed(1)} y=${row.y - 5}>${right.text}</text>`}
  `
}

function hand({ geometry, scale, speech, running }: DrawingInput): SVGTemplateResult | typeof nothing {
  if (scale.now === 0) return nothing
  const left = x(scale, scale.now).toFixed(1)
  const bottom = (geometry.rows.at(-1)?.y ?? 0) + geometry.row + 6
  const seconds = (scale.now / 1000).toFixed(running ? 1 : 2)
  return svg`<g class="hand" transform="translate(${left} 0)">
    <path class="line" d="M0 ${geometry.head + 4}V${bottom}" />
    <path class="point" d="M-5 ${geometry.head - 4}h10l-5 8z" />
    <text y=${geometry.head - 12}>${speech.say(speech.words.picture.seconds, { seconds })}</text>
  </g>`
}
