import type { TraceFact } from '../../machine/trace.ts'

/**
 * What has to become true on a machine: data about its trace and its state. It names no commands, so any way to reach it counts. A goal
 * with an `id` is a condition that the reader sees; there is no other `id` below it.
 */
export type Goal = Rule & { readonly id?: string }

type Rule =
  | { readonly all: readonly Goal[] }
  | { readonly any: readonly Goal[] }
  | { readonly not: Goal }
  /** All become true, one after the other; each counts events from after the one before. */
  | { readonly order: readonly Goal[] }
  /** This many events of the trace match; at least one by default. `within`: all in some window of this many virtual ms. */
  | { readonly happened: Pattern; readonly times?: NumberRange; readonly within?: number }
  /** A quantity of the machine as it is now. */
  | { readonly now: Quantity; readonly is: NumberRange }
  /** It has been true for this many virtual ms without interruption. */
  | { readonly for: number; readonly goal: Goal }
  /** The time since the goal was set: since the start, or since the one before in an `order`. In virtual ms. */
  | { readonly passed: number }

/** A number, or inclusive bounds. */
export type NumberRange = number | { readonly atLeast?: number; readonly atMost?: number }

/** A pattern for trace events. All fields that are given must match. */
export interface Pattern {
  readonly event: TraceFact['type']
  /** The role of the process that the event is about. */
  readonly of?: ProcessRole
  /** Who sent the signal: the process's parent, or anyone else (`kill`, the kernel). */
  readonly by?: 'parent' | 'others'
  /** Fields of the event with the values that they must have; `status.signal` reaches into one. */
  readonly where?: Readonly<Record<string, string | number | boolean>>
  /** A substring of the event's text. */
  readonly says?: string
  /** A field of the response's JSON, and its value. */
  readonly answers?: Readonly<Record<string, string | number | boolean>>
}

/** The role of a process in a goal: `worker` is a server's worker, `parent` a server program that was started. */
export type ProcessRole = 'parent' | 'worker' | 'helper' | 'command'

/** What can be counted on a machine at any moment. */
export type Quantity =
  /** Workers that serve; with one worker, the server itself. */
  | 'serving'
  /** Living workers in any state. */
  | 'workers'
  /** Living server programs. */
  | 'parents'
  /** Orphans: living workers whose parent has died. */
  | 'orphans'
  /** Workers that are stopped (SIGSTOP). */
  | 'frozen'
  /** Different processes that have answered a request. */
  | 'answering'
  /** Requests answered by the process that answered most, and by the serving one that answered fewest. */
  | 'most'
  | 'least'
  /** Clients' requests since the start, by outcome (machine/requests.ts). */
  | 'answered'
  | 'errors'
  | 'lost'
  | 'unaccepted'
  | 'refused'
  /** Requests in progress. */
  | 'open'
  /** Resident memory of all processes, in MB. */
  | 'memory'
  /** Most memory used at any moment so far, in MB. */
  | 'peak'
  /** Memory of the machine that is in use, shared pages once, in MB. */
  | 'used'

/** The ids of a goal's conditions, in the order in which it names them. */
export function conditionsOf(goal: Goal | undefined): readonly string[] {
  if (goal === undefined) return []
  if (goal.id !== undefined) return [goal.id]
  if ('all' in goal) return goal.all.flatMap(conditionsOf)
  if ('any' in goal) return goal.any.flatMap(conditionsOf)
  if ('order' in goal) return goal.order.flatMap(conditionsOf)
  if ('not' in goal) return conditionsOf(goal.not)
  return 'for' in goal ? conditionsOf(goal.goal) : []
}
