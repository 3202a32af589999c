import { nothing, svg, type SVGTemplateResult } from 'lit'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { isVisible, x } from './scale.ts'
import type { DrawingInput } from './drawn.ts'
import { textWidth } from './text-width.ts'

/** An event that proves a run's verdict, with its time and how often it happened. */
export interface Mark {
  readonly at: number
  readonly name: string
  readonly count: number
}

/** Events of the same kind within this many ms get one mark. */
const TOGETHER: Readonly<Record<string, number>> = { signalled: 300, sent: 1000 }

/** The signals that a server's processes got, and the mails that they sent. A death by SIGKILL has a cross and a label already. */
export function marksOf(trace: readonly TraceEvent[]): readonly Mark[] {
  const family = new Set<number>()
  const marks: (Mark & { type: string })[] = []
  for (const event of trace) {
    if (event.type === 'forked' && (event.kind === 'manager' || event.kind === 'worker'))
      family.add(event.pid)
    if (event.type !== 'signalled' && event.type !== 'sent') continue
    if (!family.has(event.pid) || (event.type === 'signalled' && event.signal === 'KILL')) continue
    const { at, type } = event
    const name = type === 'sent' ? '✉' : `SIG${event.signal}`
    const index = marks.findLastIndex((mark) => mark.name === name)
    const last = marks[index]
    if (last !== undefined && at - last.at <= (TOGETHER[type] ?? 0))
      marks[index] = { ...last, count: last.count + 1 }
    else marks.push({ at, name, count: 1, type })
  }
  return marks.map(({ at, name, count }) => ({ at, name, count }))
}

/** The marks above the rows, as far as they do not overlap. */
export function markLine({ geometry, scale }: DrawingInput, marks: readonly Mark[]): SVGTemplateResult {
  let free = 0
  return svg`<g class="marks">
    ${marks.map(({ at, name, count }) => {
      if (!isVisible(scale, at, at)) return nothing
      const text = count === 1 ? name : `${name} ×${count}`
      const start = Math.min(x(scale, at), geometry.width - textWidth(text, 11) - 4)
      if (start < free) return nothing
      free = start + textWidth(text, 11) + 8
      const line = x(scale, at).toFixed(1)
      return svg`<path d="M${line} ${geometry.head + 12}V${geometry.rows[0]?.y ?? 0}" />
        <text x=${(start + 3).toFixed(1)} y=${geometry.head + 19}>${text}</text>`
    })}
  </g>`
}
