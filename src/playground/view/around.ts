import { lookUp } from '../../../simulator/manager/look-up.ts'
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import { size } from '../../machine-view/size.ts'
import { slotClasses } from '../../machine-view/picture/drawn.ts'
import { ownSockets } from '../../machine-view/picture/sockets.ts'
import { isSame, type Inspectable } from '../../machine-view/picture/things.ts'
import type { Speech } from '../../machine-view/words.ts'
import {
  coresAt,
  memoryParts,
  runnable,
  type Picture,
  type WorkerSlot,
  type KeptProgramView,
  type UnitView,
} from '../../../simulator/machine/view/index.ts'
import type { PlayWords } from '../words.ts'

export interface AroundRowsProps {
  readonly speech: Speech
  readonly words: PlayWords
  readonly picture: Picture
  readonly now: number
  readonly machine: { readonly cores: number; readonly memory: number; readonly swap?: number }
  /** Whether the picture has room for clients, proxy and socket; otherwise they are rows here. */
  readonly wide: boolean
  readonly chosen: Inspectable | undefined
  readonly onChoose: (thing: Inspectable) => void
}

/** The width and height of a bar, in px. */
const BAR = 160
const HIGH = 12

/** The machine around its server: a row for each part that has acted, with its state and a button to inspect it. */
export function aroundRows(rows: AroundRowsProps): TemplateResult | typeof nothing {
  const { picture, words } = rows
  const { around } = picture
  const swap = (around.memory?.swapUsed ?? 0) > 0 || around.oomKills > 0
  const shown = [
    ...(rows.wide || picture.now === 0 ? [] : entrance(rows)),
    ...(around.cores.acted ? [cores(rows)] : []),
    ...(swap ? [memory(rows)] : []),
    ...[...around.units].map(([name, unit]) => unitRow(rows, name, unit)),
    ...[...around.kept].map(([name, kept]) => keptRow(rows, name, kept)),
  ]
  if (shown.length === 0) return nothing
  return html`<div class="around" role="group" aria-label=${words.around.label}>${shown}</div>`
}

function row(rows: AroundRowsProps, thing: Inspectable, name: string, inside: unknown): TemplateResult {
  return html`<button
    aria-pressed=${isSame(thing, rows.chosen) ? 'true' : 'false'}
    @click=${() => rows.onChoose(thing)}
  >
    <b>${name}</b> ${inside}
  </button>`
}

/** On a phone: what is at the left of a wide picture. */
function entrance(rows: AroundRowsProps): readonly TemplateResult[] {
  const { picture, speech } = rows
  const words = speech.words.picture
  const { proxy, certificates } = picture.around
  return [
    row(rows, { kind: 'clients' }, words.clients, nothing),
    ...(proxy === undefined
      ? []
      : [
          row(
            rows,
            { kind: 'proxy' },
            words.proxy,
            html`<span class="soft">:443 ${[...certificates.keys()].at(-1) ?? 'TLS'}</span>`,
          ),
        ]),
    ...ownSockets(picture).map(({ bind, waiting }) =>
      row(
        rows,
        { kind: 'socket' },
        bind.kind === 'tcp' ? `:${bind.port}` : rows.words.ask.socket.title,
        html`<span class="soft">${speech.say(words.backlog, { count: waiting })}</span>`,
      ),
    ),
    row(rows, { kind: 'memory' }, words.memory, memoryText(rows)),
  ]
}

function memoryText({ picture, speech, machine }: AroundRowsProps): TemplateResult {
  const values = { used: size(memoryParts(picture).used), total: size(machine.memory) }
  return html`<span class="soft">${speech.say(speech.words.picture.memoryOf, values)}</span>`
}

/** The cores, a cell each, filled by the processes that have used them lately. */
function cores(rows: AroundRowsProps): TemplateResult {
  const { picture, words, speech, machine, now } = rows
  const load = coresAt(picture.around.cores, now)
  const cell = BAR / machine.cores
  let at = 0
  const parts = [...load.shares].map(([pid, share]) => {
    const slot = slotOf(picture, pid)
    const width = Math.min(share * cell, BAR - at)
    const part = svg`<rect class=${slot === undefined ? 'other' : slotClasses(slot)} x=${at} width=${width} height=${HIGH} />`
    at += width
    return part
  })
  const lines = Array.from({ length: machine.cores - 1 }, (_, index) => (index + 1) * cell)
  const used = [...load.shares.values()].reduce((sum, share) => sum + share, 0)
  const wanting = runnable(load)
  const text =
    wanting > machine.cores
      ? speech.say(words.around.crowded, { wanting, cores: machine.cores })
      : speech.say(words.around.busy, { used: used.toFixed(1), count: machine.cores })
  return row(
    rows,
    { kind: 'cores' },
    words.around.cores,
    html`${bar(svg`${parts}${lines.map((x) => svg`<path class="edge" d="M${x} 0v${HIGH}" />`)}`)}<span
        class=${wanting > machine.cores ? 'bad' : 'soft'}
        >${text}</span
      >`,
  )
}

/** Swap and the OOM killer. */
function memory(rows: AroundRowsProps): TemplateResult {
  const { picture, words, speech, machine } = rows
  const { swapped, memory: used, oomKills } = picture.around
  const total = machine.swap ?? 0
  let at = 0
  const parts = [...swapped].map(([pid, bytes]) => {
    const slot = slotOf(picture, pid)
    const width = Math.min((bytes / Math.max(total, 1)) * BAR, BAR - at)
    const part = svg`<rect class=${slot === undefined ? 'other' : slotClasses(slot)} x=${at} width=${width} height=${HIGH} />`
    at += width
    return part
  })
  const text = speech.say(speech.words.picture.memoryOf, {
    used: size(used?.swapUsed ?? 0),
    total: size(total),
  })
  return row(
    rows,
    { kind: 'memory' },
    words.around.swap,
    html`${total === 0 ? nothing : bar(parts)}
      <span class="soft">${total === 0 ? words.around.noSwap : text}</span>
      ${
        oomKills === 0
          ? nothing
          : html`<span class="bad">✕ ${speech.say(words.around.oomKills, { count: oomKills })}</span>`
      }`,
  )
}

function bar(parts: unknown): TemplateResult {
  const inside: SVGTemplateResult = svg`<rect class="machine" width=${BAR} height=${HIGH} rx="3" />${parts}`
  return html`<svg class="foot" width=${BAR} height=${HIGH} aria-hidden="true">${inside}</svg>`
}

/** A unit of the init system: a dot for its state, and the state in systemd's own words. */
function unitRow(rows: AroundRowsProps, name: string, unit: UnitView): TemplateResult {
  const { active, sub } = unit
  const sign = lookUp({ active: '●', failed: '×', inactive: '○' }, active as string) ?? '◐'
  return row(
    rows,
    { kind: 'unit', unit: name },
    name,
    html`<span class=${active === 'failed' ? 'bad' : 'soft'} translate="no">${sign} ${active} (${sub})</span>
      ${again(rows, unit)}`,
  )
}

/** A program under a keeper: which keeper, and the state in its terms. */
function keptRow(rows: AroundRowsProps, name: string, kept: KeptProgramView): TemplateResult {
  const { state, word, by } = kept
  const sign = lookUp({ running: '●', failed: '×', stopped: '○', exited: '○' }, state as string) ?? '◐'
  return row(
    rows,
    { kind: 'kept', name },
    name,
    html`<span class="soft">${rows.words.ask.kept[by].name}</span>
      <span class=${state === 'failed' ? 'bad' : 'soft'} translate="no">${sign} ${word}</span>
      ${again(rows, kept)}`,
  )
}

/** How often something was restarted, and when it will be restarted next. */
function again(
  { speech, words, now }: AroundRowsProps,
  { restarts, restartAt }: { readonly restarts: number; readonly restartAt?: number },
): TemplateResult {
  const waits =
    restartAt === undefined || restartAt < now
      ? nothing
      : speech.say(words.around.restartIn, { seconds: ((restartAt - now) / 1000).toFixed(1) })
  return html`${restarts === 0 ? nothing : html`<span class="soft">${speech.say(words.around.restarts, { count: restarts })}</span>`}
    <span class="soft">${waits}</span>`
}

function slotOf(picture: Picture, pid: number): WorkerSlot | undefined {
  return picture.slots.find(({ lives }) => lives.some((life) => life.pid === pid && life.until === undefined))
}
