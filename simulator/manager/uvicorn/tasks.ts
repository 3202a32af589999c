import type { SignalName } from '../signals.ts'

/** The supervisor's remaining work: the calls of `uvicorn/supervisors/multiprocess.py`. */
export type SupervisorTask =
  /** One turn of `while not should_exit.wait(0.5)`. */
  | { readonly task: 'run' }
  | { readonly task: 'should-exit-wait' }
  /** `handle_signals()`: takes what has arrived so far. */
  | { readonly task: 'handle-signals' }
  /** `handle_hup()` and the like. */
  | { readonly task: 'handle-signal'; readonly signal: SignalName }
  /** `keep_subprocess_alive()`, from this slot on: `process.is_alive()` notices an ended worker at once, and pings a living one. */
  | { readonly task: 'keep-subprocess-alive'; readonly slot: number }
  /** `parent_conn.poll(timeout)`: only the answer or the timeout ends it. */
  | { readonly task: 'poll'; readonly pid: number; readonly slot: number }
  /** What `keep_subprocess_alive()` does with a worker that has ended. */
  | { readonly task: 'check-exitcode'; readonly pid: number; readonly slot: number }
  /** `process.start()`, then the new worker gets its slot. */
  | { readonly task: 'start'; readonly place: WorkerPlacement }
  | { readonly task: 'kill'; readonly pid: number }
  | { readonly task: 'terminate'; readonly pid: number }
  /** `process.join()`: logs, then waits for the end of the process. */
  | { readonly task: 'join'; readonly pid: number }
  /** One slot of `restart_all()`, unless the supervisor is to exit. */
  | { readonly task: 'restart'; readonly slot: number }
  | { readonly task: 'wait-until-ready'; readonly slot: number }
  /** `self.processes[idx] = new_process` */
  | { readonly task: 'replace'; readonly slot: number; readonly pid: number }
  | { readonly task: 'abort-restart'; readonly slot: number; readonly pid: number }
  /** `terminate_all()`, `join_all()` */
  | { readonly task: 'terminate-all' }
  | { readonly task: 'exit' }

/** Which slot a new worker gets: a new one, that of a worker that has ended, or that of the worker that it will replace. */
export type WorkerPlacement =
  | { readonly at: 'new-slot' }
  | { readonly at: 'slot'; readonly slot: number }
  | { readonly at: 'candidate'; readonly slot: number }
