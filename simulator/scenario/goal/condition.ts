import type { NumberRange } from './goal.ts'

/** `lost`: it is false, and can no longer become true on this machine. */
export type ConditionState = 'met' | 'open' | 'lost'

/** A count, and the range that it must be in. */
export interface Count {
  readonly made: number
  readonly range: NumberRange
}

/** The state of one condition of a goal. */
export interface Condition {
  readonly id: string
  readonly state: ConditionState
  readonly count?: Count
}

/** Whether a count that never decreases has left a range for good. */
export function isExceeded(value: number, range: NumberRange): boolean {
  return value > (typeof range === 'number' ? range : (range.atMost ?? Infinity))
}

/** Whether a count that never decreases will stay in a range. */
export function isForGood(value: number, range: NumberRange): boolean {
  return typeof range !== 'number' && range.atMost === undefined && value >= (range.atLeast ?? -Infinity)
}
