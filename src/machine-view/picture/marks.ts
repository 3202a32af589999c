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
  /** Of a server that started more than once: which start it is. */
  readonly start?: number
}

/** Events of the same kind within this many ms get one mark. */
const TOGETHER = { signalled: 300, sent: 1000 } as const

/** What an application prints that sends its mail by `print`. */
const MAIL = /\bmail sent\b/

/** The signals that a server's processes got, the mails that they sent, and the starts of a server that started again. A death by SIGKILL has a cross and a label already. */
export function marksOf(trace: readonly TraceEvent[]): readonly Mark[] {
  const family = new Set<number>()
  const marks: (Mark & { type: keyof typeof TOGETHER })[] = []
  for (const event of trace) {
    if (event.type === 'forked' && (event.kind === 'manager' || event.kind === 'worker'))
      family.add(event.pid)
    const what = nameOf(event)
    if (what === undefined || !('pid' in event) || !family.has(Number(event.pid))) continue
    const { name, type } = what
    const { at } = event
    const index = marks.findLastIndex((mark) => mark.name === name)
    const last = marks[index]
    if (last !== undefined && at - last.at <= TOGETHER[type])
      marks[index] = { ...last, count: last.count + 1 }
    else marks.push({ at, name, count: 1, type })
  }
  return [...marks.map(({ at, name, count }) => ({ at, name, count })), ...startsOf(trace)].toSorted(
    (a, b) => a.at - b.at,
  )
}

/** What an event is marked as, and what kind it counts with. */
function nameOf(event: TraceEvent): { name: string; type: keyof typeof TOGETHER } | undefined {
  if (event.type === 'signalled')
    return event.signal === 'KILL' ? undefined : { name: `SIG${event.signal}`, type: event.type }
  if (event.type === 'sent') return { name: '✉', type: 'sent' }
  const printed = event.type === 'output' && event.record === undefined && MAIL.test(event.text)
  return printed ? { name: '✉', type: 'sent' } : undefined
}

/** Every start of a server that was started more than once. */
function startsOf(trace: readonly TraceEvent[]): Mark[] {
  const managers = trace.flatMap((event) =>
    event.type === 'forked' && event.kind === 'manager' ? { at: event.at, command: event.command } : [],
  )
  return [...Map.groupBy(managers, ({ command }) => command).values()]
    .filter((starts) => starts.length > 1)
    .flatMap((starts) => starts.map(({ at }, index) => ({ at, name: 'start', count: 1, start: index + 1 })))
}

/** The marks above the rows, as far as they do not overlap. */
export function markLine(
  { geometry, scale, speech }: DrawingInput,
  marks: readonly Mark[],
): SVGTemplateResult {
  let free = 0
  return svg`<g class="marks">
    ${marks.map(({ at, name, count, start: number }) => {
      if (!isVisible(scale, at, at)) return nothing
      const text =
        number === undefined
          ? count === 1
            ? name
            : `${name} ×${count}`
          : speech.say(speech.words.picture.start, { count: number })
      const start = Math.min(x(scale, at), geometry.width - textWidth(text, 11) - 4)
      if (start < free) return nothing
      free = start + textWidth(text, 11) + 8
      const line = x(scale, at).toFixed(1)
      return svg`<path d="M${line} ${geometry.head + 12}V${geometry.rows[0]?.y ?? 0}" />
        <text x=${(start + 3).toFixed(1)} y=${geometry.head + 19}>${text}</text>`
    })}
  </g>`
}
