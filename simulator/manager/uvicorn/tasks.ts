import type { SignalName } from '../signals.ts'

/** What the supervisor still has to do: the calls of `uvicorn/supervisors/multiprocess.py`. */
export type SupervisorTask =
  /** One turn of `while not should_exit.wait(0.5)`. */
  | { readonly task: 'run' }
  | { readonly task: 'should-exit-wait' }
  /** `handle_signals()`: takes what has arrived so far. */
  | { readonly task: 'handle-signals' }
  /** `handle_hup()` and the like. */
  | { readonly task: 'handle-signal'; readonly signal: SignalName }
  /** `keep_subprocess_alive()`, from this place on: `process.is_alive()` sees at once that a worker has ended, and pings one that lives. */
  | { readonly task: 'keep-subprocess-alive'; readonly slot: number }
  /** `parent_conn.poll(timeout)`: nothing but the answer or the time limit ends this. */
  | { readonly task: 'poll'; readonly pid: number; readonly slot: number }
  /** What `keep_subprocess_alive()` does with a worker that is gone. */
  | { readonly task: 'check-exitcode'; readonly pid: number; readonly slot: number }
  /** `process.start()`, then the new worker gets its place. */
  | { readonly task: 'start'; readonly place: WorkerPlacement }
  | { readonly task: 'kill'; readonly pid: number }
  | { readonly task: 'terminate'; readonly pid: number }
  /** `process.join()`: logs, then waits for the end of the process. */
  | { readonly task: 'join'; readonly pid: number }
  /** One place of `restart_all()`, if the supervisor still wants it. */
  | { readonly task: 'restart'; readonly slot: number }
  | { readonly task: 'wait-until-ready'; readonly slot: number }
  /** `self.processes[idx] = new_process` */
  | { readonly task: 'replace'; readonly slot: number; readonly pid: number }
  | { readonly task: 'abort-restart'; readonly slot: number; readonly pid: number }
  /** `terminate_all()`, `join_all()` */
  | { readonly task: 'terminate-all' }
  | { readonly task: 'exit' }

/** Where a new worker belongs: a new place, the place of one that is gone, or beside the worker that it is to replace. */
export type WorkerPlacement =
  | { readonly at: 'new-slot' }
  | { readonly at: 'slot'; readonly slot: number }
  | { readonly at: 'candidate'; readonly slot: number }
