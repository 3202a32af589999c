import type { nothing } from 'lit'
import { svg, type SVGTemplateResult } from 'lit'
import { currentProcess, livingServers, type Picture } from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import type { DrawingInput } from './drawn.ts'
import { textWidth } from './text-width.ts'

/** Lines from the parent to each of its workers; with several servers, each has a bracket around its own workers. */
export function bracket({ picture, geometry, slots }: DrawingInput): readonly SVGTemplateResult[] {
  const { bracket: at, head } = geometry
  const living = livingServers(picture)
  const servers = living.length > 0 ? living : picture.server === undefined ? [] : [picture.server]
  return servers.flatMap((server) => {
    const rows = geometry.rows.filter((_, index) => {
      const slot = slots[index]
      return slot !== undefined && currentProcess(slot)?.server === server.pid
    })
    const [first, last] = [rows[0], rows.at(-1)]
    if (server.alone || first === undefined || last === undefined) return []
    const top = servers.length === 1 ? `M${at + 6} ${head - 4}H${at}` : `M${at} ${first.middle - 9}`
    const state = server.until !== undefined ? ' gone' : server.frozen === true ? ' frozen' : ''
    return [
      svg`<path
        class=${`bracket${state}`}
        d="${top}V${last.middle}${rows.map((row) => `M${at} ${row.middle}h6`).join('')}"
      />`,
    ]
  })
}

export function parent({ picture, geometry, speech }: DrawingInput): SVGTemplateResult | typeof nothing {
  const { server } = picture
  const words = speech.words.picture
  const { labels, head } = geometry
  if (server === undefined) return svg`<text class="soft" x=${labels} y=${head}>${words.noServer}</text>`
  const several = severalServers(picture, speech)
  if (several !== undefined)
    return svg`
      <text class="strong" x=${labels} y=${head}>${several.count}</text>
      <text class="soft" x=${labels + textWidth(several.count, 13) + 8} y=${head}>${several.kind}</text>
    `
  return svg`
    <text class=${server.until === undefined ? 'strong' : 'strong dead'} x=${labels} y=${head}>${server.pid}</text>
    <text class=${server.until === undefined ? 'soft' : 'soft dead-word'} x=${labels + 46} y=${head}>${parentState(picture, geometry.roomy, speech)}</text>
  `
}

/** Where the text about the parent ends, in px. */
export function parentEnd({ picture, geometry, speech }: DrawingInput): number {
  const { labels, roomy } = geometry
  if (picture.server === undefined) return labels + textWidth(speech.words.picture.noServer)
  const several = severalServers(picture, speech)
  return several === undefined
    ? labels + 46 + textWidth(parentState(picture, roomy, speech))
    : labels + textWidth(several.count, 13) + 8 + textWidth(several.kind)
}

/** The number of servers, and whether they have parents; nothing when there is only one. */
export function severalServers(
  picture: Picture,
  speech: Speech,
): { readonly count: string; readonly kind: string } | undefined {
  const servers = livingServers(picture)
  if (servers.length < 2) return undefined
  const words = speech.words.picture
  const kind = servers.every(({ alone }) => alone) ? words.serversAlone : words.serversParents
  return { count: speech.say(words.servers, { count: servers.length }), kind }
}

function parentState({ server }: Picture, roomy: boolean, speech: Speech): string {
  const words = speech.words.picture
  if (server?.until !== undefined) return words.parentGone
  if (server?.alone === true) return words.aloneRow
  if (server?.frozen === true) return words.parentFrozen
  if (server?.stopping === true) return words.parentStopping
  if (server?.listening !== true) return words.parentStarting
  return roomy ? words.parent : words.parentShort
}
