import { nothing, svg, type SVGTemplateResult } from 'lit'
import {
  activityOf,
  currentProcess,
  openRequests,
  sharers,
  type Picture,
} from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import { slotClasses, type DrawingInput } from './drawn.ts'
import type { Geometry } from './geometry.ts'
import { ownSockets } from './sockets.ts'
import { textWidth } from './text-width.ts'

/** Distance from the clients' heading (and their switch) to the first client, and from the last one to the foot, in px. */
const CLIENT_SWITCH = 48

const CLIENT_FOOT = 18

/** The least distance between two clients, in px. */
const CLOSEST = 7

/** Clients and socket. The lines start at the workers, since each of them accepts connections itself. */
export function entrance({ picture, slots, geometry, speech, clients }: DrawingInput): SVGTemplateResult {
  const { socket, rows, bracket: end } = geometry
  const { picture: words } = speech.words
  const middle = socket.y + socket.height / 2
  const proxy = geometry.proxy
  const entry = proxy ?? socket
  const port = portLabel(ownSockets(picture), socket.width)
  const shared = sharers(picture)
  const few = rows.length < 3
  const waiting = ownSockets(picture).reduce((sum, each) => sum + each.waiting, 0)
  const busy = [...picture.open.values()].filter(({ via }) => via === undefined).length
  const dots = clientDots(clients.count, middle, few ? 14 : 24, geometry)
  // A dot can stand for several clients; then its colour does, too.
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
      ${stack(shared, socket)}
      <rect x=${socket.x} y=${socket.y} width=${socket.width} height=${socket.height} rx="6" />
      <text class="strong" x=${socket.x + socket.width / 2} y=${middle - 9}>${port}</text>
      <text class=${waiting > 0 ? 'waiting' : ''} x=${socket.x + socket.width / 2} y=${middle + 9}>
        ${speech.say(words.backlog, { count: waiting })}
      </text>
      <text class="soft" x=${socket.x + socket.width / 2} y=${middle + 24}>${shared === 0 ? words.backlogHint : speech.say(words.shared, { count: shared })}</text>
    </g>
    ${slots.map((slot, index) => {
      const row = rows[index]
      const life = currentProcess(slot)
      if (row === undefined || life === undefined || port === '') return nothing
      const state = activityOf(life)
      // A process that boots, shuts down, is stopped or spins accepts nothing.
      if (state !== 'serving') return nothing
      const start = socket.x + socket.width
      const half = (end + start) / 2
      return svg`<path
        class="accepts ${slotClasses(slot)} ${openRequests(life) > 0 ? 'busy' : ''}"
        d="M${start} ${middle}C${half + 4} ${middle} ${half - 4} ${row.middle} ${end - 3} ${row.middle}"
      />`
    })}
    ${few ? nothing : caption(words.acceptsForItself, socket.x + socket.width / 2 - 24, socket.y + socket.height + 18)}
  `
}

/** More sockets on the same port (SO_REUSEPORT), drawn behind the first. */
function stack(sockets: number, { x, y, width, height }: Geometry['socket']): readonly SVGTemplateResult[] {
  return Array.from({ length: Math.min(3, Math.max(0, sockets - 1)) }, (_, index) => {
    const by = 4 * (index + 1)
    return svg`<rect class="behind" x=${x + by} y=${y - by} width=${width} height=${height} rx="6" />`
  }).toReversed()
}

/** The y positions of the clients, centred: `apart` from each other, closer when there are many, and only as many as fit. */
function clientDots(
  count: number,
  middle: number,
  apart: number,
  { head, foot = Infinity }: Geometry,
): number[] {
  // The room between the switch below the heading and the foot.
  const room = 2 * Math.min(middle - head - CLIENT_SWITCH, foot - CLIENT_FOOT - middle)
  const shown = Math.max(1, Math.min(count, 1 + Math.floor(room / CLOSEST)))
  const step = Math.min(apart, room / Math.max(1, shown - 1))
  return Array.from(
    { length: Math.min(count, shown) },
    (_, index) => middle + (index - (shown - 1) / 2) * step,
  )
}

/** The ports of these sockets. When they do not fit, consecutive ports are shown as a range; otherwise the newest is shown alone. */
function portLabel(sockets: Picture['sockets'], width: number): string {
  // Several can have sockets on the same port.
  const ports = [...new Set(sockets.flatMap(({ bind }) => (bind.kind === 'tcp' ? [bind.port] : [])))]
  const all = ports.map((port) => `:${port}`).join(' ')
  if (textWidth(all) < width) return all
  const [first = 0, last = 0] = [ports[0], ports.at(-1)]
  const inRow = ports.every((port, index) => port === first + index)
  const range = `:${first}–${last}`
  return inRow && ports.length > 1 && textWidth(range) < width ? range : ports.length > 0 ? `:${last}` : ''
}

/** The proxy in front of the server (TLS unless it listens on port 80 alone), and its connection to the server's socket. */
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

/** A caption on two lines of about the same length. */
function caption(text: string, middle: number, y: number): SVGTemplateResult {
  const breaks = [...text.matchAll(/ /g)].map(({ index }) => index)
  const longer = (at: number) => Math.max(textWidth(text.slice(0, at)), textWidth(text.slice(at + 1)))
  const best = breaks.toSorted((a, b) => longer(a) - longer(b))[0]
  const rows = best === undefined ? [text] : [text.slice(0, best), text.slice(best + 1)]
  return svg`${rows.map((row, index) => svg`<text class="soft middle" x=${middle} y=${y + index * 14}>${row}</text>`)}`
}
