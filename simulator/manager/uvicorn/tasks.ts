import type { SignalName } from '../signals.ts'

/**
 * What the supervisor still has to do, next first. The original is a loop of blocking calls; here each call is a task,
 * and "blocked in it" is the state of standing before it. Signals wait meanwhile, as they do in the original.
 */
export type Task =
  /** `should_exit.wait(0.5)` */
  | { readonly task: 'nap' }
  /** `handle_signals()`: takes what has arrived so far. */
  | { readonly task: 'take-signals' }
  | { readonly task: 'handle'; readonly signal: SignalName }
  /** `process.start()`, then the new worker gets its place. */
  | { readonly task: 'fork'; readonly place: Place }
  /** `process.is_alive()`: a dead one is seen at once, a living one is pinged. */
  | { readonly task: 'check'; readonly slot: number }
  /** `parent_conn.poll(timeout)`: nothing but the answer or the time limit ends this. */
  | { readonly task: 'await-pong'; readonly pid: number; readonly slot: number }
  | { readonly task: 'kill'; readonly pid: number }
  | { readonly task: 'terminate'; readonly pid: number }
  /** `process.join()`: logs, then waits for the end of the process. */
  | { readonly task: 'join'; readonly pid: number }
  | { readonly task: 'await-exit'; readonly pid: number }
  /** What follows when a checked worker turned out to be gone. */
  | { readonly task: 'judge'; readonly pid: number; readonly slot: number }
  /** Reload: wait until the newest worker is ready, then let the old one of the slot go. */
  | { readonly task: 'await-ready'; readonly slot: number }
  | { readonly task: 'settle'; readonly slot: number; readonly pid: number }
  | { readonly task: 'abandon-reload'; readonly slot: number; readonly pid: number }
  /** One slot of a reload, if the supervisor still wants it. */
  | { readonly task: 'reload-slot'; readonly slot: number }
  /** One round of the main loop is over. */
  | { readonly task: 'loop' }
  | { readonly task: 'stop' }
  | { readonly task: 'end' }

/** Where a forked worker belongs: a new slot, an old slot, or beside the slot that it is to take over. */
export type Place =
  | { readonly at: 'new-slot' }
  | { readonly at: 'slot'; readonly slot: number }
  | { readonly at: 'candidate'; readonly slot: number }
