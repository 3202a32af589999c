import { svg, type SVGTemplateResult } from 'lit'
import { memoryParts } from '../../../simulator/machine/view/index.ts'
import { size } from '../size.ts'
import { slotClasses, type DrawingInput } from './drawn.ts'
import { SOCKET } from './geometry.ts'
import { SIGNS, tallies, type RequestCount } from './tallies.ts'
import { textWidth } from './text-width.ts'

export function foot(
  { picture, slots, geometry, speech, machine }: DrawingInput,
  y: number,
): SVGTemplateResult {
  const words = speech.words.picture
  const room = Math.min(300, geometry.width * 0.28)
  const start = SOCKET
  const { used, shared, own } = memoryParts(picture)
  let at = start
  const parts = [...(shared > 0 ? [[undefined, shared] as const] : []), ...own]
    .filter(([, bytes]) => bytes > 0)
    .map(([pid, bytes]) => {
      const slot = slots.find(({ lives }) =>
        lives.some((each) => each.pid === pid && each.until === undefined),
      )
      const width = Math.min((bytes / machine.memory) * room, start + room - at)
      const part = svg`<rect class=${slot === undefined ? 'other' : slotClasses(slot)} x=${at} y=${y - 11} width=${width} height="14" />`
      at += width
      return part
    })
  const figures = start + room + 10
  const total = speech.say(words.memoryOf, { used: size(used), total: size(machine.memory) })
  return svg`<g class="foot">
    <text class="head" x="2" y=${y}>${words.memory}</text>
    <rect class="machine" x=${start} y=${y - 11} width=${room} height="14" rx="3" />
    ${parts}
    <text class="soft" x=${figures} y=${y}>${total}</text>
    ${tallyTexts(tallies(picture, speech), figures + textWidth(total, 12) + 16, geometry.right - 12, y)}
  </g>`
}

/** The request counts, aligned to the right. Those that do not fit are left out, the least important first. */
function tallyTexts(
  all: readonly RequestCount[],
  left: number,
  right: number,
  y: number,
): readonly SVGTemplateResult[] {
  let end = right
  return all.toReversed().flatMap(({ label, count, look }) => {
    const number = `${SIGNS[look]}${count}`
    const from = end - textWidth(number, 13)
    const begin = from - 6 - textWidth(label, 12)
    if (begin < left) return []
    end = begin - 18
    return [
      svg`
        <text class="soft end" x=${from - 6} y=${y}>${label}</text>
        <text class=${`strong ${look}`} x=${from} y=${y}>${number}</text>`,
    ]
  })
}
