import { html, nothing, type TemplateResult } from 'lit'
import { currentProcess, type Picture, type WorkerSlot } from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import type { Box, Geometry } from './geometry.ts'

/** Something in the picture that can be inspected. */
export type Inspectable =
  | { readonly kind: 'worker'; readonly slot: number }
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'kept'; readonly name: string }
  | { readonly kind: 'manager' | 'clients' | 'socket' | 'memory' | 'proxy' | 'cores' | 'machine' }

export interface InspectablesProps {
  readonly chosen: Inspectable | undefined
  readonly onChoose: (thing: Inspectable) => void
}

interface Shown {
  readonly picture: Picture
  readonly slots: readonly WorkerSlot[]
  readonly geometry: Geometry
  readonly speech: Speech
}

/** Transparent buttons over the drawing: each opens the panel about what is below it. */
export function things({ chosen, onChoose }: InspectablesProps, shown: Shown): TemplateResult {
  const { picture, slots, geometry, speech } = shown
  const { labels, button, head, rows, row, socket, foot, wide } = geometry
  const words = speech.words.picture.ask
  const one = (thing: Inspectable, label: string, box: Box): TemplateResult => {
    const { x, y, width, height } = box
    const style = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`
    return html`<button
      class="thing"
      aria-label=${label}
      aria-pressed=${isSame(thing, chosen) ? 'true' : 'false'}
      style=${style}
      @click=${() => onChoose(thing)}
    ></button>`
  }
  const label = button.x - labels
  return html`
    ${
      picture.server === undefined
        ? nothing
        : one({ kind: 'manager' }, speech.say(words.manager, { pid: picture.server.pid }), {
            x: labels - 4,
            y: head - 16,
            width: label,
            height: 24,
          })
    }
    ${slots.map((slot, index) => {
      const at = rows[index]
      const life = currentProcess(slot)
      if (at === undefined || life === undefined) return nothing
      return one({ kind: 'worker', slot: slot.id }, speech.say(words.worker, { pid: life.pid }), {
        x: labels - 4,
        y: at.y - 3,
        width: label,
        height: Math.max(row + 4, 24),
      })
    })}
    ${
      wide
        ? html`${one({ kind: 'clients' }, words.clients, { x: 0, y: socket.y - 24, width: 30, height: socket.height + 48 })}
          ${geometry.proxy === undefined ? nothing : one({ kind: 'proxy' }, words.proxy, geometry.proxy)}
          ${one({ kind: 'socket' }, words.socket, socket)}
          ${foot === undefined ? nothing : one({ kind: 'memory' }, words.memory, { x: 0, y: foot - 17, width: button.x + 100, height: 26 })}`
        : nothing
    }
  `
}

/** Whether two inspectable things are the same. */
export function isSame(a: Inspectable, b: Inspectable | undefined): boolean {
  if (a.kind !== b?.kind) return false
  if (a.kind === 'kept') return b.kind === 'kept' && a.name === b.name
  if (a.kind === 'unit') return b.kind === 'unit' && a.unit === b.unit
  return a.kind !== 'worker' || b.kind !== 'worker' || a.slot === b.slot
}
