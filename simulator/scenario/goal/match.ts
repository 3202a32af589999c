import { lookUp } from '../../manager/look-up.ts'
import type { TraceEvent } from '../../machine/trace.ts'
import type { Pattern, NumberRange } from './goal.ts'
import type { Ledger } from './ledger.ts'

/** Whether a number lies in a range. */
export function within(value: number, range: NumberRange): boolean {
  if (typeof range === 'number') return value === range
  return value >= (range.atLeast ?? -Infinity) && value <= (range.atMost ?? Infinity)
}

/** Whether an event matches a pattern. */
export function matches(pattern: Pattern, event: TraceEvent, ledger: Ledger): boolean {
  if (event.type !== pattern.event) return false
  const { of, by, where = {}, says, answers = {} } = pattern
  const pid = field(event, 'pid')
  if (of !== undefined && (typeof pid !== 'number' || ledger.role(pid) !== of)) return false
  if (by !== undefined) {
    const from = field(event, 'from')
    const isParent = typeof pid === 'number' && from !== undefined && from === ledger.parentOf(pid)
    if (isParent !== (by === 'parent')) return false
  }
  if (says !== undefined) {
    const text = field(event, 'text')
    if (typeof text !== 'string' || !text.includes(says)) return false
  }
  if (!Object.entries(where).every(([path, value]) => field(event, path) === value)) return false
  const said = Object.entries(answers)
  return said.length === 0 || said.every(([name, value]) => inAnswer(event, name) === value)
}

/** A field of an event, by its dotted path. */
function field(event: TraceEvent, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null) return undefined
    return lookUp(value as Readonly<Record<string, unknown>>, name)
  }, event)
}

function inAnswer(event: TraceEvent, name: string): unknown {
  return event.type === 'request-ended' ? answerField(event.answer, name) : undefined
}

/** A field of a response's JSON; `undefined` when it is not JSON or has no such field. */
export function answerField(answer: string | undefined, name: string): unknown {
  if (answer === undefined) return undefined
  try {
    const value: unknown = JSON.parse(answer)
    return typeof value === 'object' && value !== null
      ? lookUp(value as Readonly<Record<string, unknown>>, name)
      : undefined
  } catch {
    return undefined
  }
}
