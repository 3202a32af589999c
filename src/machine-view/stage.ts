import { html, nothing, svg, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { styleMap } from 'lit/directives/style-map.js'
import {
  currentProcess,
  isClosed,
  memoryParts,
  serverOf,
  type Picture,
  type WorkerSlot,
} from '../../simulator/machine/view/index.ts'
import type { Scenario } from '../../simulator/scenario/index.ts'
import { describe } from './picture/describe.ts'
import { geometryOf, WIDE_SPAN, type Geometry } from './picture/geometry.ts'
import { markLine, type Mark } from './picture/marks.ts'
import { rows } from './picture/rows.ts'
import { scaleOf, type TimeScale } from './picture/scale.ts'
import { scrubbedScale, scrubber, type ScrubberProps } from './picture/scrubber.ts'
import { ownSockets } from './picture/sockets.ts'
import { state } from './picture/state.ts'
import { SIGNS, tallies } from './picture/tallies.ts'
import { textWidth } from './picture/text-width.ts'
import { things, type InspectablesProps } from './picture/things.ts'
import { size } from './size.ts'
import type { Speech } from './words.ts'

export interface StageProps {
  readonly speech: Speech
  readonly scenario: Pick<Scenario, 'machine' | 'clients' | 'zoom'>
  readonly picture: Picture
  /** Width of the picture in px, and virtual time in ms. */
  readonly width: number
  readonly now: number
  readonly running: boolean
  readonly clientsOn: boolean
  readonly onKill: (pid: number) => void
  readonly onClients: () => void
  /** Set when the picture shows a whole run: from power-on to this many ms. */
  readonly fit?: number | undefined
  /** The marks that prove the verdict of a run. */
  readonly marks?: readonly Mark[]
  /** Set when the picture can be scrubbed: the range of moments, and the time at its left end. */
  readonly lookBack?: ScrubberProps | undefined
  /** Set when things in the picture can be inspected. */
  readonly things?: InspectablesProps
  /**
   * Keys for redrawing parts in turn: a part is redrawn only when its key is another object than before. Without keys everything is
   * redrawn.
   */
  readonly turn?: { readonly rows: unknown; readonly state: unknown }
}

/** How many placeholder rows are drawn before there is a server. */
const GHOSTS = 4

/** The picture, with buttons at the workers and the clients. */
export function stage(stage: StageProps): TemplateResult {
  const { speech, picture, width, scenario } = stage
  const button = Math.ceil(textWidth(speech.words.actions.kill, 12)) + 18
  const label = Math.ceil(
    textWidth(speech.say(speech.words.picture.openMemory, { count: 9, memory: '99 MB' })),
  )
  const time = (rows: number): { geometry: Geometry; scale: TimeScale } => {
    const geometry = geometryOf(
      width,
      Math.max(rows, picture.slots.length === 0 ? GHOSTS : 1),
      label,
      button,
      picture.around.proxy !== undefined,
    )
    const span = stage.fit ?? spanOf(scenario.zoom.span, geometry)
    const scale = scaleOf(stage.now, span, geometry.left, geometry.right)
    return {
      geometry,
      scale: stage.lookBack === undefined ? scale : scrubbedScale(scale, stage.lookBack, span),
    }
  }
  const slots = visibleSlots(picture, time(0).scale)
  const { geometry, scale } = time(slots.length)
  const drawn = {
    picture,
    slots,
    geometry,
    scale,
    speech,
    machine: scenario.machine,
    clients: { count: scenario.clients.clients, on: stage.clientsOn },
    running: stage.running,
    bars: scenario.zoom.bars,
  }
  const { rows: rowsTurn = {}, state: stateTurn = {} } = stage.turn ?? {}
  // The layout of the slots matters to both parts.
  const shape = [width, slots.length, geometry.proxy !== undefined]
  const inState = (draw: () => unknown): unknown => guard([stateTurn, ...shape], draw)
  const inRows = (draw: () => unknown): unknown => guard([rowsTurn, ...shape], draw)
  const { lookBack } = stage
  return html`
    <div class="stage">
      <div class="field">
        <svg
          role="img"
          aria-label=${inState(() => `${speech.words.picture.label}. ${describe(picture, slots, speech)}`)}
          width=${width}
          height=${geometry.height}
          viewBox="0 0 ${width} ${geometry.height}"
        >
          ${slots.length === 0 ? ghosts(geometry) : nothing} ${inState(() => state(drawn))}
          ${inRows(() => rows(drawn))} ${stage.marks === undefined ? nothing : markLine(drawn, stage.marks)}
        </svg>
        ${inState(() => acts(stage, slots, geometry))}
        ${lookBack === undefined ? nothing : inRows(() => scrubber(lookBack, { now: stage.now, scale, geometry, speech }))}
      </div>
    </div>
    ${geometry.wide ? nothing : inState(() => figures(stage))}
  `
}

/** The buttons over the picture. */
function acts(stage: StageProps, slots: readonly WorkerSlot[], geometry: Geometry): TemplateResult {
  const { picture, speech } = stage
  const box = { left: '0', top: `${geometry.head + 12}px`, width: '96px', height: '24px' }
  return html`
    ${geometry.wide ? clientSwitch(stage, box) : nothing}
    ${slots.map((slot, index) => killButton(stage, slot, geometry, index))}
    ${stage.things === undefined ? nothing : things(stage.things, { picture, slots, geometry, speech })}
  `
}

/** The time span shown: the lab's for a wide picture, proportionally less for a narrower one. */
function spanOf(wanted: number | undefined, { span }: Geometry): number {
  return wanted === undefined ? span : (wanted * span) / WIDE_SPAN
}

/** The rows to show: a slot whose processes have ended off the left edge is left out, unless its server will refill it. */
function visibleSlots(picture: Picture, scale: TimeScale): readonly WorkerSlot[] {
  return picture.slots.filter((slot) => {
    const last = slot.lives.at(-1)
    if (last?.until === undefined || last.until >= scale.from) return true
    return serverOf(picture, last.server) !== undefined && !isClosed(slot)
  })
}

function ghosts(geometry: Geometry): unknown {
  return svg`<g class="ghost">${geometry.rows.map(
    (row) => svg`<rect
      x=${geometry.left}
      y=${row.y}
      width=${Math.max(0, geometry.right - geometry.left)}
      height=${geometry.row}
      rx="3"
    />`,
  )}</g>`
}

function killButton(stage: StageProps, slot: WorkerSlot, geometry: Geometry, index: number): unknown {
  const row = geometry.rows[index]
  const life = currentProcess(slot)
  if (row === undefined || life === undefined) return nothing
  const { actions } = stage.speech.words
  const { x, width, height } = geometry.button
  const box = `left:${x}px;top:${row.middle - height / 2}px;width:${width}px;height:${height}px`
  // The button stays while the slot is empty, so that it keeps the keyboard focus.
  const lives = life.until === undefined
  return html`<button
    class="kill"
    aria-disabled=${lives ? 'false' : 'true'}
    style=${box}
    aria-label=${stage.speech.say(actions.killWorker, { pid: life.pid })}
    @click=${() => lives && stage.onKill(life.pid)}
  >
    ${actions.kill}
  </button>`
}

function clientSwitch(stage: StageProps, box: Readonly<Record<string, string>>): TemplateResult {
  const { clients } = stage.speech.words
  return html`<button
    class=${stage.clientsOn ? 'switch on' : 'switch'}
    role="switch"
    title=${stage.speech.say(clients.label, { count: stage.scenario.clients.clients })}
    aria-checked=${stage.clientsOn ? 'true' : 'false'}
    style=${styleMap(box)}
    @click=${stage.onClients}
  >
    <span aria-hidden="true">${stage.clientsOn ? '●' : '○'}</span> ${clients.send}
  </button>`
}

/** In a narrow element the figures are text. */
function figures(stage: StageProps): TemplateResult {
  const { speech, picture, scenario } = stage
  const words = speech.words.picture
  const { used } = memoryParts(picture)
  // Where things can be inspected, their buttons show these figures.
  const sockets = ownSockets(picture).map(
    ({ bind, waiting }) =>
      html`<span
        ><b>:${bind.kind === 'tcp' ? bind.port : ''}</b>
        ${speech.say(words.backlog, { count: waiting })}</span
      >`,
  )
  const memory = html`<span
    >${speech.say(words.memoryOf, { used: size(used), total: size(scenario.machine.memory) })}</span
  >`
  return html`<div class="figures">
    ${clientSwitch(stage, {})} ${stage.things === undefined ? [sockets, memory] : nothing}
    ${tallies(picture, speech).map(
      ({ label, count, look }) => html`<span class=${look}>${SIGNS[look]}<b>${count}</b> ${label}</span>`,
    )}
  </div>`
}
