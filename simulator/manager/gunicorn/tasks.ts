import type { SignalName } from '../signals.ts'

/** The arbiter's remaining work: calls of `gunicorn/arbiter.py`, in 20.1.0 or 26.1.0. */
export type ArbiterTask =
  /** `sock.create_sockets`: one of five attempts to bind, a second apart. */
  | { readonly task: 'create-sockets'; readonly attempt: number }
  | { readonly task: 'sleep-before-bind'; readonly attempt: number }
  /** One turn of the main loop. */
  | { readonly task: 'run' }
  /** 20.1.0: `select` on the pipe, up to 1 s; a signal or the end of a child ends it at once. */
  | { readonly task: 'sleep' }
  /** 20.1.0: after a signal was handled, the next `sleep` ends at once. */
  | { readonly task: 'wakeup' }
  /** 26.1.0: waits up to 1 s for the first signal; SIGCHLD counts as one. */
  | { readonly task: 'wait-for-signals' }
  /** 26.1.0: handles all signals that have come by then, one after the other. */
  | { readonly task: 'handle-signals' }
  | { readonly task: 'handle-signal'; readonly signal: SignalName }
  | { readonly task: 'murder-workers' }
  /** Forks the missing workers, then ends the surplus. */
  | { readonly task: 'manage-workers' }
  | { readonly task: 'spawn-worker' }
  /** The random pause of `spawn_workers` between two forks. */
  | { readonly task: 'sleep-after-spawn'; readonly ms: number }
  /** Workers above the wanted number get SIGTERM, the oldest first. */
  | { readonly task: 'kill-surplus' }
  /** `waitpid` until no ended child is left. */
  | { readonly task: 'reap-workers' }
  /** The same, a moment after the workers were killed: some of them are gone by then. */
  | { readonly task: 'reap-killed' }
  /** `reload`, 26.1.0: waits until no worker of this age or older is left. */
  | { readonly task: 'wait-for-old'; readonly age: number; readonly until: number }
  /** SIGUSR2: starts the second master. */
  | { readonly task: 'reexec' }
  /** 26.1.0: a thread opens the control socket, or opens it again. */
  | { readonly task: 'start-control-server' }
  /** 26.1.0: blocked until that thread has ended. */
  | { readonly task: 'stop-control-server' }
  /** Closes the listening sockets, signals every worker, then waits for them. */
  | { readonly task: 'stop'; readonly signal: SignalName }
  /** The wait of `stop`. `quick`: the stop was asked to be quick, or became so by a second SIGINT. */
  | { readonly task: 'wait-for-workers'; readonly until: number; readonly quick: boolean }
  | { readonly task: 'kill-workers'; readonly signal: SignalName }
  /** `halt(reason, exit_status)`: stops, and ends the program. */
  | { readonly task: 'halt'; readonly reason?: string; readonly code: number }
  | { readonly task: 'exit'; readonly reason?: string; readonly code: number }
