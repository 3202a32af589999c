import { html, nothing, svg, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { styleMap } from 'lit/directives/style-map.js'
import {
  holder,
  isClosed,
  memoryParts,
  type Picture,
  type Place,
} from '../../simulator/machine/view/index.ts'
import type { Scenario } from '../../simulator/scenario/index.ts'
import { describe } from './picture/describe.ts'
import { ownSockets, rows, state } from './picture/drawing.ts'
import { geometryOf, WIDE_SPAN, type Geometry } from './picture/geometry.ts'
import { scaleOf, type Scale } from './picture/scale.ts'
import { looking, scrubber, type Past } from './picture/past.ts'
import { textWidth } from './picture/text-width.ts'
import { things, type Things } from './picture/things.ts'
import type { Speech } from './words.ts'

export interface Stage {
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
  /** Where the picture can be looked back at: which moments there are, and what is at its left end. */
  readonly past?: Past
  /** Where its things can be asked about. */
  readonly things?: Things
  /**
   * What was drawn last, where the picture is drawn in turns: as long as one of these is the same, that part stays as it is. Without
   * it everything is drawn.
   */
  readonly turn?: { readonly rows: unknown; readonly state: unknown }
}

/** So many rows are sketched before there is a server. */
const GHOSTS = 4

/** The picture, with what can be done where it acts: on a worker, on the clients. */
export function stage(stage: Stage): TemplateResult {
  const { speech, picture, width, scenario } = stage
  const button = Math.ceil(textWidth(speech.words.actions.kill, 12)) + 18
  const label = Math.ceil(textWidth(speech.say(speech.words.picture.openMemory, { count: 9, mb: 99 })))
  const time = (rows: number): { geometry: Geometry; scale: Scale } => {
    const geometry = geometryOf(
      width,
      Math.max(rows, picture.places.length === 0 ? GHOSTS : 1),
      label,
      button,
      picture.around.proxy !== undefined,
    )
    const span = spanOf(scenario.zoom.span, geometry)
    const scale = scaleOf(stage.now, span, geometry.left, geometry.right)
    return { geometry, scale: stage.past === undefined ? scale : looking(scale, stage.past, span) }
  }
  const places = visiblePlaces(picture, time(0).scale)
  const { geometry, scale } = time(places.length)
  const drawn = {
    picture,
    places,
    geometry,
    scale,
    speech,
    machine: scenario.machine,
    clients: { count: scenario.clients.clients, on: stage.clientsOn },
    running: stage.running,
    bars: scenario.zoom.bars,
  }
  const { rows: rowsTurn = {}, state: stateTurn = {} } = stage.turn ?? {}
  // Where the places lie, both parts are drawn for.
  const shape = [width, places.length, geometry.proxy !== undefined]
  const inState = (draw: () => unknown): unknown => guard([stateTurn, ...shape], draw)
  const inRows = (draw: () => unknown): unknown => guard([rowsTurn, ...shape], draw)
  const { past } = stage
  return html`
    <div class="stage">
      <div class="field">
        <svg
          role="img"
          aria-label=${inState(() => `${speech.words.picture.label}. ${describe(picture, places, speech)}`)}
          width=${width}
          height=${geometry.height}
          viewBox="0 0 ${width} ${geometry.height}"
        >
          ${places.length === 0 ? ghosts(geometry) : nothing} ${inState(() => state(drawn))}
          ${inRows(() => rows(drawn))}
        </svg>
        ${inState(() => acts(stage, places, geometry))}
        ${past === undefined ? nothing : inRows(() => scrubber(past, { now: stage.now, scale, geometry, speech }))}
      </div>
    </div>
    ${geometry.wide ? nothing : inState(() => figures(stage))}
  `
}

/** What can be clicked on the picture. */
function acts(stage: Stage, places: readonly Place[], geometry: Geometry): TemplateResult {
  const { picture, speech } = stage
  const box = { left: '0', top: `${geometry.head + 12}px`, width: '96px', height: '24px' }
  return html`
    ${geometry.wide ? clientSwitch(stage, box) : nothing}
    ${places.map((place, index) => killButton(stage, place, geometry, index))}
    ${stage.things === undefined ? nothing : things(stage.things, { picture, places, geometry, speech })}
  `
}

/** How much time is shown: what the lab wants in a wide picture, and the same share of it in a narrower one. */
function spanOf(wanted: number | undefined, { span }: Geometry): number {
  return wanted === undefined ? span : (wanted * span) / WIDE_SPAN
}

/** Rows that have something to show: one whose processes ended before the left end is over, unless it waits for the next. */
function visiblePlaces(picture: Picture, scale: Scale): readonly Place[] {
  return picture.places.filter((place) => {
    const last = place.lives.at(-1)
    if (last?.until === undefined || last.until >= scale.from) return true
    const waits = picture.server?.until === undefined && last.server === picture.server?.pid
    return waits && !isClosed(place)
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

function killButton(stage: Stage, place: Place, geometry: Geometry, index: number): unknown {
  const row = geometry.rows[index]
  const life = holder(place)
  if (row === undefined || life === undefined) return nothing
  const { actions } = stage.speech.words
  const { x, width, height } = geometry.button
  const box = `left:${x}px;top:${row.middle - height / 2}px;width:${width}px;height:${height}px`
  // While its place is empty the button stays, so that the keyboard does not lose it.
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

function clientSwitch(stage: Stage, box: Readonly<Record<string, string>>): TemplateResult {
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

/** In a narrow lab the figures are text. */
function figures(stage: Stage): TemplateResult {
  const { speech, picture, scenario } = stage
  const words = speech.words.picture
  const { used } = memoryParts(picture)
  const mb = (bytes: number) => Math.round(bytes / 1_000_000)
  const { answered, lost, refused } = picture.counts
  // Where things can be asked about, each of these has a button of its own.
  const sockets = ownSockets(picture).map(
    ({ bind, waiting }) =>
      html`<span
        ><b>:${bind.kind === 'tcp' ? bind.port : ''}</b>
        ${speech.say(words.backlog, { count: waiting })}</span
      >`,
  )
  const total = mb(scenario.machine.memory)
  const memory = html`<span>${speech.say(words.memoryOf, { used: mb(used), total })}</span>`
  return html`<div class="figures">
    ${clientSwitch(stage, {})} ${stage.things === undefined ? [sockets, memory] : nothing}
    <span><b>${answered}</b> ${words.answered}</span>
    ${refused === 0 ? nothing : html`<span><b>${refused}</b> ${words.refused}</span>`}
    <span class=${lost > 0 ? 'bad' : ''}>${lost > 0 ? '✕ ' : ''}${lost} ${words.lost}</span>
  </div>`
}
