import type { SignalName } from '../signals.ts'

/** What the arbiter still has to do, next first; see `gunicorn/arbiter.py`. */
export type Task =
  /** One of five attempts to bind, a second apart. */
  | { readonly task: 'bind'; readonly attempt: number }
  | { readonly task: 'pause-before-bind'; readonly attempt: number }
  /** The main loop: a queued signal, or sleep, murder, manage. */
  | { readonly task: 'loop' }
  /** `select` on the pipe: up to 1 s, a signal or a dead child ends it at once. */
  | { readonly task: 'sleep' }
  | { readonly task: 'murder' }
  | { readonly task: 'manage' }
  | { readonly task: 'fork' }
  /** The random pause between two forks. */
  | { readonly task: 'pause'; readonly ms: number }
  /** Workers above the wanted number get SIGTERM, the oldest first. */
  | { readonly task: 'trim' }
  | { readonly task: 'handled' }
  /** `stop()`: no more listening, a signal to every worker, then wait. */
  | { readonly task: 'stop'; readonly signal: SignalName }
  | { readonly task: 'await-workers'; readonly until: number }
  | { readonly task: 'kill-all'; readonly signal: SignalName }
  | { readonly task: 'halt'; readonly reason?: string; readonly code: number }
  | { readonly task: 'farewell'; readonly reason?: string; readonly code: number }
