import { nothing, svg, type SVGTemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import {
  boxes,
  deaths,
  doing,
  holder,
  memoryParts,
  openRequests,
  type Bar,
  type Box,
  type Picture,
  type Place,
} from '../../../simulator/machine/view/index.ts'
// Not from the index, which brings every lab's scenario along.
import { answerField } from '../../../simulator/scenario/goal/match.ts'
import type { Speech } from '../words.ts'
import { bars, visibleOver } from './bars.ts'
import { SOCKET, type Geometry, type Row } from './geometry.ts'
import { deathLabels, type DeathLabel } from './labels.ts'
import { isVisible, ticks, x, type Scale } from './scale.ts'
import { textWidth } from './text-width.ts'

/** All that the drawing is made of. */
export interface Drawn {
  readonly picture: Picture
  readonly places: readonly Place[]
  readonly geometry: Geometry
  readonly scale: Scale
  readonly speech: Speech
  readonly machine: { readonly memory: number }
  readonly clients: { readonly count: number; readonly on: boolean }
  readonly running: boolean
  /** A field of the answers that the bars carry. */
  readonly bars: string | undefined
}

const MB = 1_000_000
/** From the heading of the clients down to the first of them, below their switch; and from the last to the foot, in px. */
const CLIENT_SWITCH = 48
const CLIENT_FOOT = 18
/** No two clients stand closer. */
const CLOSEST = 7

/** What changes with the state of the machine: who there is, and what each has in hand. */
export function state(drawn: Drawn): SVGTemplateResult {
  const { geometry, places } = drawn
  return svg`
    ${geometry.wide ? entrance(drawn) : nothing}
    ${bracket(drawn)} ${parent(drawn)} ${places.map((place, index) => who(drawn, place, geometry.rows[index]))}
    ${geometry.foot === undefined ? nothing : foot(drawn, geometry.foot)}
  `
}

/** What moves with time: the rows, and the hand on them. */
export function rows(drawn: Drawn): SVGTemplateResult {
  const { geometry, places } = drawn
  return svg`
    ${axis(drawn)} ${track(drawn)} ${hand(drawn)}
    ${places.map((place, index) => fates(drawn, place, geometry.rows[index]))}
  `
}

/** Which colour and which outline a place has: together they tell sixteen places apart. */
export function look(place: Place): string {
  return `w${(place.id % 4) + 1} o${((place.id + Math.floor(place.id / 4)) % 4) + 1}`
}

/** Clients and socket. The lines lead from the workers: each accepts for itself. */
function entrance({ picture, places, geometry, speech, clients }: Drawn): SVGTemplateResult {
  const { socket, rows, bracket: end } = geometry
  const { picture: words } = speech.words
  const middle = socket.y + socket.height / 2
  const proxy = geometry.proxy
  const entry = proxy ?? socket
  const port = portLabel(ownSockets(picture), socket.width)
  const few = rows.length < 3
  const waiting = ownSockets(picture).reduce((sum, each) => sum + each.waiting, 0)
  const busy = [...picture.open.values()].filter(({ via }) => via === undefined).length
  const dots = clientDots(clients.count, middle, few ? 14 : 24, geometry)
  // Where one dot stands for several clients, so does its colour.
  const asking = Math.ceil((busy * dots.length) / Math.max(1, clients.count))
  return svg`
    <text class="head" x="2" y=${geometry.head}>${words.clients}</text>
    <g class=${clients.on || busy > 0 ? 'clients' : 'clients off'}>
      ${dots.map(
        (y, index) => svg`
          <path d="M16 ${y}C46 ${y} 44 ${middle} ${entry.x - 4} ${middle}" />
          <circle class=${index < asking ? 'asks' : ''} cx="10" cy=${y} r="4" />`,
      )}
    </g>
    ${proxy === undefined ? nothing : drawProxy(picture, proxy, socket.x, middle, speech)}
    <g class=${port === '' ? 'socket closed' : 'socket'}>
      <rect x=${socket.x} y=${socket.y} width=${socket.width} height=${socket.height} rx="6" />
      <text class="strong" x=${socket.x + socket.width / 2} y=${middle - 9}>${port}</text>
      <text class=${waiting > 0 ? 'waiting' : ''} x=${socket.x + socket.width / 2} y=${middle + 9}>
        ${speech.say(words.backlog, { count: waiting })}
      </text>
      <text class="soft" x=${socket.x + socket.width / 2} y=${middle + 24}>${words.backlogHint}</text>
    </g>
    ${places.map((place, index) => {
      const row = rows[index]
      const life = holder(place)
      if (row === undefined || life === undefined || port === '') return nothing
      const state = doing(life)
      if (state === 'ended' || state === 'booting' || state === 'draining') return nothing
      const start = socket.x + socket.width
      const half = (end + start) / 2
      return svg`<path
        class="accepts ${look(place)} ${openRequests(life) > 0 ? 'busy' : ''}"
        d="M${start} ${middle}C${half + 4} ${middle} ${half - 4} ${row.middle} ${end - 3} ${row.middle}"
      />`
    })}
    ${few ? nothing : caption(words.acceptsForItself, socket.x + socket.width / 2 - 24, socket.y + socket.height + 18)}
  `
}

/** Where the clients stand, around the middle: so far apart, closer when there are many, and never more than have room. */
function clientDots(
  count: number,
  middle: number,
  apart: number,
  { head, foot = Infinity }: Geometry,
): number[] {
  // Between the switch below the heading and what stands at the foot.
  const room = 2 * Math.min(middle - head - CLIENT_SWITCH, foot - CLIENT_FOOT - middle)
  const shown = Math.max(1, Math.min(count, 1 + Math.floor(room / CLOSEST)))
  const step = Math.min(apart, room / Math.max(1, shown - 1))
  return Array.from(
    { length: Math.min(count, shown) },
    (_, index) => middle + (index - (shown - 1) / 2) * step,
  )
}

/** The ports of these sockets. When there is no room for all, those of several servers in a row are a range; else the newest stands for them. */
function portLabel(sockets: Picture['sockets'], width: number): string {
  const ports = sockets.flatMap(({ bind }) => (bind.kind === 'tcp' ? [bind.port] : []))
  const all = sockets.map(({ bind }) => (bind.kind === 'tcp' ? `:${bind.port}` : '')).join(' ')
  if (textWidth(all) < width) return all
  const [first = 0, last = 0] = [ports[0], ports.at(-1)]
  const inRow = ports.every((port, index) => port === first + index)
  const range = `:${first}–${last}`
  return inRow && ports.length > 1 && textWidth(range) < width ? range : ports.length > 0 ? `:${last}` : ''
}

/** The sockets of the server: those of the proxy before it are the proxy's own matter. */
export function ownSockets({ sockets, around }: Picture): Picture['sockets'] {
  return sockets.filter(({ pid }) => pid !== around.proxy?.pid)
}

/** The proxy that clients speak with, by TLS unless it has port 80 alone, and its line to the server's socket. */
function drawProxy(
  { around, sockets }: Picture,
  { x, y, width, height }: Geometry['socket'],
  end: number,
  middle: number,
  speech: Speech,
): SVGTemplateResult {
  const centre = x + width / 2
  const name = [...around.certificates.keys()].at(-1)
  const secure = sockets.some(({ bind }) => bind.kind === 'tcp' && bind.port === 443)
  const fits = name !== undefined && textWidth(name) < width - 6
  return svg`
    <g class="socket">
      <rect x=${x} y=${y} width=${width} height=${height} rx="6" />
      <text class="strong" x=${centre} y=${middle - 9}>${secure ? ':443' : ':80'}</text>
      <text x=${centre} y=${middle + 9}>${speech.words.picture.proxy}</text>
      <text class="soft" x=${centre} y=${middle + 24}>${fits ? name : secure ? 'TLS' : 'HTTP'}</text>
    </g>
    <path class="onward" d="M${x + width} ${middle}H${end - 4}" />
  `
}

/** A caption in two lines, as even as its words allow. */
function caption(text: string, middle: number, y: number): SVGTemplateResult {
  const breaks = [...text.matchAll(/ /g)].map(({ index }) => index)
  const longer = (at: number) => Math.max(textWidth(text.slice(0, at)), textWidth(text.slice(at + 1)))
  const best = breaks.toSorted((a, b) => longer(a) - longer(b))[0]
  const rows = best === undefined ? [text] : [text.slice(0, best), text.slice(best + 1)]
  return svg`${rows.map((row, index) => svg`<text class="soft middle" x=${middle} y=${y + index * 14}>${row}</text>`)}`
}

/** From the parent down to each of its workers. */
function bracket({ picture, geometry, places }: Drawn): SVGTemplateResult | typeof nothing {
  const { bracket: at, head } = geometry
  const { server } = picture
  // A server that was started before has workers of its own, and they another parent, which is not drawn.
  const rows = geometry.rows.filter((_, index) => {
    const place = places[index]
    return place !== undefined && holder(place)?.server === server?.pid
  })
  const last = rows.at(-1)
  if (server === undefined || server.alone || last === undefined) return nothing
  const gone = server.until !== undefined
  return svg`<path
    class=${gone ? 'bracket gone' : 'bracket'}
    d="M${at + 6} ${head - 4}H${at}V${last.middle}${rows.map((row) => `M${at} ${row.middle}h6`).join('')}"
  />`
}

function parent({ picture, geometry, speech }: Drawn): SVGTemplateResult | typeof nothing {
  const { server } = picture
  const words = speech.words.picture
  const { labels, head } = geometry
  if (server === undefined) return svg`<text class="soft" x=${labels} y=${head}>${words.noServer}</text>`
  return svg`
    <text class="strong" x=${labels} y=${head}>${server.pid}</text>
    <text class="soft" x=${labels + 46} y=${head}>${parentState(picture, geometry.roomy, speech)}</text>
  `
}

function parentState({ server }: Picture, roomy: boolean, speech: Speech): string {
  const words = speech.words.picture
  if (server?.until !== undefined) return words.parentGone
  if (server?.alone === true) return words.aloneRow
  if (server?.stopping === true) return words.parentStopping
  if (server?.listening !== true) return words.parentStarting
  return roomy ? words.parent : words.parentShort
}

/** Who holds a place now, and what it has in hand. */
function who(
  { picture, geometry, speech }: Drawn,
  place: Place,
  row: Row | undefined,
): SVGTemplateResult | typeof nothing {
  const life = holder(place)
  if (life === undefined || row === undefined) return nothing
  const words = speech.words.picture
  const state = doing(life)
  const memory = picture.memory.get(life.pid)
  const open = openRequests(life)
  const facts =
    state === 'serving' || state === 'draining'
      ? memory === undefined || !geometry.roomy
        ? speech.say(words.open, { count: open })
        : speech.say(words.openMemory, { count: open, mb: Math.round(memory / MB) })
      : ''
  const below = state === 'ended' ? words.ended : state === 'serving' ? facts : words[state]
  return svg`
    <g class="who ${look(place)} ${state}">
      <text class="strong" x=${geometry.labels} y=${row.middle - 3}>${life.pid}</text>
      <text class="soft" x=${geometry.labels} y=${row.middle + 11}>${below}</text>
    </g>
  `
}

function axis({ geometry, scale, speech }: Drawn): SVGTemplateResult {
  const bottom = (geometry.rows.at(-1)?.y ?? 0) + geometry.row + 8
  return svg`<g class="axis">
    ${ticks(scale, geometry.every).map((at) => {
      const place = x(scale, at).toFixed(1)
      return svg`
        <path d="M${place} ${geometry.head + 8}V${bottom}" />
        <text x=${place} y=${geometry.head}>${speech.say(speech.words.picture.seconds, { seconds: at / 1000 })}</text>`
    })}
  </g>`
}

/**
 * The lives and requests of all rows, cut off at the left end; what moves with time moves as one. What goes on is drawn further than
 * the hand and cut off there: so it stays as it is from frame to frame.
 */
function track(drawn: Drawn): SVGTemplateResult {
  const { geometry, scale, places, bars: field } = drawn
  const { left, right, height } = geometry
  const shift = (-scale.from * scale.perMs).toFixed(2)
  const span = (right - left) / scale.perMs
  const further = (Math.floor(scale.now / span) + 1) * span
  const inRow = (draw: (place: Place, row: Row) => unknown): unknown =>
    places.map((place, index) => {
      const row = geometry.rows[index]
      return row === undefined ? nothing : draw(place, row)
    })
  return svg`<svg x=${left - 1} y="0" width=${right - left + 2} height=${height}>
    <g transform="translate(${shift} 0)">
      <svg width=${(at(scale, scale.now) + 1).toFixed(1)} height=${height}>
        ${inRow((place, row) => {
          const { from, perMs } = scale
          // What has gone by at the left end may stay a little longer.
          const shows = [place, row.y, geometry.row, perMs, further, Math.floor(from / 1000), field]
          return guard(shows, () => lives(drawn, place, row, further))
        })}
      </svg>
      ${field === undefined ? nothing : inRow((place, row) => barTexts(place, row, field, scale))}
    </g>
  </svg>`
}

function lives(
  { geometry, scale, bars: field }: Drawn,
  place: Place,
  row: Row,
  further: number,
): SVGTemplateResult {
  const visible = boxes(place).filter((box) => isVisible(scale, box.from, box.until))
  const shown = place.lives.map((life) => [life, visibleOver(life, scale.from)] as const)
  const taken = shown.flatMap(([{ open }, over]) => [
    ...open.map((bar) => bar.lane + 1),
    ...over.map((each) => each.lanes),
  ])
  const lane = (geometry.row - 4) / Math.max(field === undefined ? 4 : 2, ...taken)
  const lanes = { top: row.y + 3, lane, perMs: scale.perMs }
  return svg`<g class=${look(place)}>
    ${visible.map((box) => drawBox(box, row, geometry.row, scale, further))}
    ${shown.map(([life, over]) => bars(life, over, lanes, further))}
  </g>`
}

/** Where a time lies on the track. */
function at({ perMs }: Scale, time: number): number {
  return 1 + time * perMs
}

function drawBox(box: Box, row: Row, height: number, scale: Scale, further: number): SVGTemplateResult {
  const start = at(scale, box.from)
  const width = Math.max(1, at(scale, box.until ?? further) - start)
  const y = box.half === 'lower' ? row.y + height / 2 + 1 : row.y
  const tall = box.half === 'whole' ? height : height / 2 - 1
  return svg`<rect class="life ${box.kind}" x=${start.toFixed(1)} y=${y} width=${width.toFixed(1)} height=${tall} rx="3" />`
}

/** The words of a bar may reach a little beyond its end, in px. */
const ROOM_BESIDE = 8

function barTexts(place: Place, row: Row, field: string, scale: Scale): unknown {
  return place.lives.map((life) =>
    visibleOver(life, scale.from)
      .flatMap(({ bars }) => bars.filter((bar) => isVisible(scale, bar.from, bar.until)))
      .map((bar) => barText(bar, life.pid, field, row, scale)),
  )
}

/** What an answer said, and who said it, under its bar; the number alone where there is no room for both. */
function barText(
  bar: Bar,
  pid: number,
  field: string,
  row: Row,
  scale: Scale,
): SVGTemplateResult | typeof nothing {
  const value = answerField(bar.answer, field)
  if (typeof value !== 'string' && typeof value !== 'number') return nothing
  const start = at(scale, bar.from)
  const room = at(scale, bar.until ?? bar.from) - start
  const both = `${value} · ${pid}`
  const text = textWidth(both, 9) <= room + ROOM_BESIDE ? both : String(value)
  return svg`<text class="bar-text" x=${(start + 2).toFixed(1)} y=${row.y + 2 * (row.middle - row.y) - 4}>${text}</text>`
}

/** Crosses and what is said about them. */
function fates(
  { geometry, scale, speech }: Drawn,
  place: Place,
  row: Row | undefined,
): SVGTemplateResult | typeof nothing {
  if (row === undefined) return nothing
  return svg`${deathLabels(deaths(place), scale, geometry.width, speech).map((label) => fate(label, row, scale))}`
}

function fate({ death, cross, left, right }: DeathLabel, row: Row, scale: Scale): SVGTemplateResult {
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

function hand({ geometry, scale, speech, running }: Drawn): SVGTemplateResult | typeof nothing {
  if (scale.now === 0) return nothing
  const place = x(scale, scale.now).toFixed(1)
  const bottom = (geometry.rows.at(-1)?.y ?? 0) + geometry.row + 6
  const seconds = (scale.now / 1000).toFixed(running ? 1 : 2)
  return svg`<g class="hand" transform="translate(${place} 0)">
    <path class="line" d="M0 ${geometry.head + 4}V${bottom}" />
    <path class="point" d="M-5 ${geometry.head - 4}h10l-5 8z" />
    <text y=${geometry.head - 12}>${speech.say(speech.words.picture.seconds, { seconds })}</text>
  </g>`
}

function foot({ picture, places, geometry, speech, machine }: Drawn, y: number): SVGTemplateResult {
  const words = speech.words.picture
  const room = Math.min(300, geometry.width * 0.28)
  const start = SOCKET
  const { used, shared, own } = memoryParts(picture)
  const { answered, lost, refused } = picture.counts
  let at = start
  const parts = [...(shared > 0 ? [[undefined, shared] as const] : []), ...own]
    .filter(([, bytes]) => bytes > 0)
    .map(([pid, bytes]) => {
      const place = places.find(({ lives }) =>
        lives.some((each) => each.pid === pid && each.until === undefined),
      )
      const width = Math.min((bytes / machine.memory) * room, start + room - at)
      const part = svg`<rect class=${place === undefined ? 'other' : look(place)} x=${at} y=${y - 11} width=${width} height="14" />`
      at += width
      return part
    })
  const figures = start + room + 10
  const total = speech.say(words.memoryOf, {
    used: Math.round(used / MB),
    total: Math.round(machine.memory / MB),
  })
  return svg`<g class="foot">
    <text class="head" x="2" y=${y}>${words.memory}</text>
    <rect class="machine" x=${start} y=${y - 11} width=${room} height="14" rx="3" />
    ${parts}
    <text class="soft" x=${figures} y=${y}>${total}</text>
    ${
      refused === 0
        ? nothing
        : svg`
          <text class="soft end" x=${geometry.right - 204} y=${y}>${words.refused}</text>
          <text class="strong" x=${geometry.right - 196} y=${y}>${refused}</text>`
    }
    <text class="soft end" x=${geometry.right - 112} y=${y}>${words.answered}</text>
    <text class="strong" x=${geometry.right - 104} y=${y}>${answered}</text>
    <text class="soft end" x=${geometry.right - 20} y=${y}>${words.lost}</text>
    <text class=${lost > 0 ? 'strong bad' : 'strong'} x=${geometry.right - 12} y=${y}>${lost > 0 ? '✕ ' : ''}${lost}</text>
  </g>`
}
