import type { ExecutionContext, ShellContext } from './context.ts'
import { drive, wait, type RunningFlow, type Flow } from './flow.ts'
import { DEATHS, Job, type JobResult } from './jobs.ts'
import { Discarded, Interrupted, LoopEnd, Return, ShellExit } from './leaving.ts'

/** Starts something for a job; `done` is called when it has ended. */
type Begin = (job: Job, done: (result: JobResult) => void) => void

/** Which job has the terminal: a command at the prompt is a job of its own, a command inside a job belongs to that job. */
export class Foreground {
  readonly #shell: ShellContext
  /** Ctrl+Z has stopped a job since the line was typed: loops do not continue. */
  stopSeen = false

  constructor(shell: ShellContext) {
    this.#shell = shell
  }

  /** Waits for something that runs in the surrounding job, or else in a job of its own, which gets the terminal. */
  *inJob(context: ExecutionContext, source: string, begin: Begin): Flow<number> {
    const { job } = context
    if (job !== undefined) return exitCodeOf(yield* wait<JobResult>((resume) => begin(job, resume)))
    const own = new Job(source)
    return yield* this.bring(own, context, () => begin(own, (result) => own.end(result)))
  }

  /** Gives a job the terminal; `begin` starts or continues it. Waits until it ends or is stopped. */
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

  /** A job that had the terminal ended, or was stopped by Ctrl+Z. */
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

/** The exit code of a result; Ctrl+C also ends the surrounding line. */
export function exitCodeOf(result: JobResult): number {
  if (result.signal === 'INT') throw new Interrupted()
  return result.code
}

/** Runs a flow beside the others: an error that would end the whole line ends only this flow. */
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
