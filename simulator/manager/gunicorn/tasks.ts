import type { SignalName } from '../signals.ts'

/** What an arbiter of any version can have to do. */
export type CommonTask =
  /** One of five attempts to bind, a second apart. */
  | { readonly task: 'bind'; readonly attempt: number }
  | { readonly task: 'pause-before-bind'; readonly attempt: number }
  /** One turn of the main loop. */
  | { readonly task: 'loop' }
  | { readonly task: 'murder' }
  | { readonly task: 'manage' }
  | { readonly task: 'fork' }
  /** The random pause between two forks. */
  | { readonly task: 'pause'; readonly ms: number }
  /** Workers above the wanted number get SIGTERM, the oldest first. */
  | { readonly task: 'trim' }
  /** SIGUSR2: the second master is being started. */
  | { readonly task: 'reexec' }
  /** `stop()`: no more listening, a signal to every worker, then wait. */
  | { readonly task: 'stop'; readonly signal: SignalName }
  | { readonly task: 'kill-all'; readonly signal: SignalName }
  | { readonly task: 'halt'; readonly reason?: string; readonly code: number }
  | { readonly task: 'farewell'; readonly reason?: string; readonly code: number }

/** What the arbiter of 20.1.0 still has to do, next first; see its `gunicorn/arbiter.py`. */
export type Task =
  | CommonTask
  /** `select` on the pipe: up to 1 s, a signal or a dead child ends it at once. */
  | { readonly task: 'sleep' }
  | { readonly task: 'handled' }
  | { readonly task: 'await-workers'; readonly until: number }

/** The same for 26.1.0. */
export type Task26 =
  | CommonTask
  /** Up to 1 s for the first signal; SIGCHLD is one of them. */
  | { readonly task: 'wait-for-signals' }
  /** All that have come by then, one after the other. */
  | { readonly task: 'take-signals' }
  | { readonly task: 'handle'; readonly signal: SignalName }
  /** A thread opens the control socket, or opens it again. */
  | { readonly task: 'open-control' }
  /** Nothing goes on while that thread is being waited for: before a fork, and at the end. */
  | { readonly task: 'await-control' }
  /** After SIGHUP: until no worker is left that is as old as `age`. */
  | { readonly task: 'await-old'; readonly age: number; readonly until: number }
  /** `quick`: told to be, or a second SIGINT came. */
  | { readonly task: 'await-workers'; readonly until: number; readonly quick: boolean }
  /** `waitpid` until nobody is left to be reaped. */
  | { readonly task: 'reap' }
  /** The same, a moment after all have been killed: some are gone by then. */
  | { readonly task: 'reap-soon' }
