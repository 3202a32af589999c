import type { TraceFact } from '../../machine/trace.ts'

/**
 * What has to come about on a machine: data over its event log and its state. Nothing here names a command, so any way
 * that leads there counts.
 */
export type Goal =
  | { readonly all: readonly Goal[] }
  | { readonly any: readonly Goal[] }
  | { readonly not: Goal }
  /** Each comes true, one after the other; what counts for one begins after the one before. */
  | { readonly order: readonly Goal[] }
  /** So many events of the log match; at least one unless `times` says otherwise. `within`: in some span of so many virtual ms. */
  | { readonly happened: Pattern; readonly times?: Range; readonly within?: number }
  /** Something that can be counted on the machine as it is now. */
  | { readonly now: Quantity; readonly is: Range }
  /** It has been true for so many virtual ms without a break. */
  | { readonly for: number; readonly goal: Goal }
  /** The time since the goal was set: since the start, or since the one before in an `order`. In virtual ms. */
  | { readonly passed: number }

/** A number, or bounds that are both allowed. */
export type Range = number | { readonly atLeast?: number; readonly atMost?: number }

/** An event of the machine's log. Everything that is given must hold. */
export interface Pattern {
  readonly event: TraceFact['type']
  /** What the process is that the event is about. */
  readonly of?: Role
  /** Who sent the signal: a process's parent, or anybody else (`kill`, the kernel). */
  readonly by?: 'parent' | 'others'
  /** Fields of the event with the values that they must have; `status.signal` reaches into one. */
  readonly where?: Readonly<Record<string, string | number | boolean>>
  /** Words that the event's text holds. */
  readonly says?: string
  /** A field of the answer's JSON, and its value. */
  readonly answers?: Readonly<Record<string, string | number | boolean>>
}

/** What a process is in a goal: `worker` is one of a server's workers, `parent` a server program that was started. */
export type Role = 'parent' | 'worker' | 'helper' | 'command'

/** What can be counted on a machine at any moment. */
export type Quantity =
  /** Workers that serve; with one worker, the server itself. */
  | 'serving'
  /** Workers that live in whatever state. */
  | 'workers'
  /** Server programs that live. */
  | 'parents'
  /** Workers that live without the parent that started them. */
  | 'orphans'
  /** Workers that are stopped (SIGSTOP). */
  | 'frozen'
  /** Different processes that have answered a request. */
  | 'answering'
  /** Requests answered by the process that answered most, and by the serving one that answered fewest. */
  | 'most'
  | 'least'
  /** Clients' requests since the start, by how they ended. */
  | 'answered'
  | 'lost'
  | 'refused'
  /** Requests under way. */
  | 'open'
  /** Resident memory of all processes, in MB. */
  | 'memory'
  /** Most memory used at any moment so far, in MB. */
  | 'peak'
  /** Memory of the machine that is in use, shared pages once, in MB. */
  | 'used'
