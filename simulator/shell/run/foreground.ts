import type { ExecutionContext, ShellContext } from './context.ts'
import { drive, wait, type RunningFlow, type Flow } from './flow.ts'
import { DEATHS, Job, type JobResult } from './jobs.ts'
import { Discarded, Interrupted, LoopEnd, Return, ShellExit } from './leaving.ts'

/** Starts something for a job; `done` is called when that has ended. */
type Begin = (job: Job, done: (result: JobResult) => void) => void

/** Which job has the terminal: what is started at the prompt is a job of its own, what is inside a job belongs to that. */
export class Foreground {
  readonly #shell: ShellContext
  /** Ctrl+Z has stopped something since the line was typed: loops do not go on. */
  stopSeen = false

  constructor(shell: ShellContext) {
    this.#shell = shell
  }

  /** Waits for something that runs in the job around it, or else in a job of its own, which has the terminal. */
  *inJob(context: ExecutionContext, source: string, begin: Begin): Flow<number> {
    const { job } = context
    if (job !== undefined) return exitCodeOf(yield* wait<JobResult>((resume) => begin(job, resume)))
    const own = new Job(source)
    return yield* this.bring(own, context, () => begin(own, (result) => own.end(result)))
  }

  /** A job gets the terminal; `begin` starts it or lets it go on. Waits for its end, or until it is stopped. */
  *bring(job: Job, context: ExecutionContext, begin: () => void): Flow<number> {
    const { front } = this.#shell
    front(job)
    job.onGroup = () => front(job)
    const result = yield* wait<JobResult>((resume) => {
      job.watch(resume)
      begin()
    })
    return this.#settle(job, result, context)
  }

  /** A job that had the terminal rests: it ended, or Ctrl+Z stopped it. */
  #settle(job: Job, result: JobResult, context: ExecutionContext): number {
    this.#shell.front(undefined)
    if (result.stopped === true) {
      this.stopSeen = true
      context.jobs.add(job)
      context.stderr.write(`\n${context.jobs.line(job)}`, 0)
      return 148
    }
    if (job.number !== undefined) context.jobs.remove(job)
    const { signal } = result
    if (signal !== undefined && signal !== 'INT' && signal !== 'PIPE')
      context.stderr.write(`${DEATHS[signal] ?? signal}\n`, 0)
    return exitCodeOf(result)
  }
}

/** The exit code of what has ended; Ctrl+C ends the line around it as well. */
export function exitCodeOf(result: JobResult): number {
  if (result.signal === 'INT') throw new Interrupted()
  return result.code
}

/** Lets a flow go beside the others: what would end the whole line ends only this. */
export function runBeside(flow: Flow<number>, done: (result: JobResult) => void): RunningFlow {
  const guarded = function* (): Flow<JobResult> {
    try {
      return { code: yield* flow }
    } catch (error) {
      if (error instanceof Interrupted) return { code: 130, signal: 'INT' }
      if (error instanceof ShellExit) return { code: error.code }
      if (error instanceof Discarded) return { code: 1 }
      if (error instanceof Return) return { code: error.code }
      if (error instanceof LoopEnd) return { code: 0 }
      throw error
    }
  }
  return drive(guarded(), done)
}
