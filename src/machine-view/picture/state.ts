import { nothing, svg, type SVGTemplateResult } from 'lit'
import {
  activityOf,
  currentProcess,
  openRequests,
  type WorkerSlot,
} from '../../../simulator/machine/view/index.ts'
import { size } from '../size.ts'
import { slotClasses, type DrawingInput } from './drawn.ts'
import { entrance } from './entrance.ts'
import { foot } from './foot.ts'
import type { Row } from './geometry.ts'
import { bracket, parent } from './servers.ts'

/** The parts that change with the machine's state: the processes, and what each is doing. */
export function state(drawn: DrawingInput): SVGTemplateResult {
  const { geometry, slots } = drawn
  return svg`
    ${geometry.wide ? entrance(drawn) : nothing}
    ${bracket(drawn)} ${parent(drawn)} ${slots.map((slot, index) => who(drawn, slot, geometry.rows[index]))}
    ${geometry.foot === undefined ? nothing : foot(drawn, geometry.foot)}
  `
}

/** The process in a slot, and what it is doing. */
function who(
  { picture, geometry, speech }: DrawingInput,
  slot: WorkerSlot,
  row: Row | undefined,
): SVGTemplateResult | typeof nothing {
  const life = currentProcess(slot)
  if (life === undefined || row === undefined) return nothing
  const words = speech.words.picture
  const state = activityOf(life)
  const memory = picture.memory.get(life.pid)
  const open = openRequests(life)
  const facts =
    state === 'serving' || state === 'draining'
      ? memory === undefined || !geometry.roomy
        ? speech.say(words.open, { count: open })
        : speech.say(words.openMemory, { count: open, memory: size(memory) })
      : ''
  const below = state === 'ended' ? words.ended : state === 'serving' ? facts : words[state]
  return svg`
    <g class="who ${slotClasses(slot)} ${state}">
      <text class="strong" x=${geometry.labels} y=${row.middle - 3}>${life.pid}</text>
      <text class="soft" x=${geometry.labels} y=${row.middle + 11}>${below}</text>
    </g>
  `
}
