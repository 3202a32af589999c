import { newTask, Processor, type ProcessorTask } from '../../machine/processor/processor.ts'
import type { ProcessorInfo } from '../../machine/hardware.ts'
import type { Clock, TimedWork } from './clock.ts'
import type { ScheduledEvent } from './queue.ts'

/** The state of a process that concerns the cores. */
export interface CoreUser {
  /** Stopped by a signal: nothing runs until SIGCONT. */
  frozen: boolean
  /** How many reads of the disk it waits for. */
  waitsForDisk: number
  /** What its threads compute at present; each thread gets its share of the cores. */
  readonly works: Set<ThreadWork>
  /** Processor time of finished work, in ms. */
  cpu: number
}

/** Computing of one thread of a process. */
export interface ThreadWork {
  readonly user: CoreUser
  readonly task: ProcessorTask
  /** Processor time left, in ms; only up to date while it is suspended. */
  left: number
  readonly done: TimedWork
}

/** Shares the cores among the processes: the more of them compute, the longer each takes. */
export class Cores {
  readonly #processor: Processor
  readonly #clock: Clock
  readonly #works = new Map<ProcessorTask, ThreadWork>()
  #due: ScheduledEvent | undefined

  constructor(clock: Clock, cores: number) {
    this.#clock = clock
    this.#processor = new Processor(cores)
  }

  /** Lets a thread compute for `ms`, then calls `done`. The work is suspended while the process is stopped, and dropped when it ends. */
  run(user: CoreUser, ms: number, done: TimedWork): ThreadWork {
    const work: ThreadWork = { user, task: newTask(ms), left: ms, done }
    user.works.add(work)
    if (!user.frozen && user.waitsForDisk === 0) this.#add(work)
    return work
  }

  /** Drops work; the processor time that it has used still counts for its process. */
  drop(work: ThreadWork | undefined): void {
    if (work === undefined) return
    this.#take(work)
    work.user.works.delete(work)
    this.#plan()
  }

  /** Suspends the work of a process that is stopped or waits for the disk. */
  suspend(user: CoreUser): void {
    for (const work of user.works) this.#take(work)
    this.#plan()
  }

  /** Resumes the work of a process. */
  resume(user: CoreUser): void {
    if (user.frozen || user.waitsForDisk > 0) return
    for (const work of user.works) if (work.task.place < 0) this.#add(work)
  }

  /** A process ended. */
  end(user: CoreUser): void {
    this.suspend(user)
    user.works.clear()
  }

  setCores(cores: number): void {
    this.#processor.setCores(cores, this.#clock.now)
    this.#plan()
  }

  info(): ProcessorInfo {
    const load = this.#processor.load(this.#clock.now)
    const { cores, runnable, used } = this.#processor
    return { cores, load, runnable, ...used }
  }

  /** The machine has booted: processor time and load are counted from now. */
  booted(): void {
    this.#processor.countFrom(this.#clock.now)
  }

  /** Sets how many processes wait for the disk: they count in the load average. */
  setBlocked(count: number): void {
    this.#processor.setBlocked(count, this.#clock.now)
  }

  /** Processor time that a process has used, in ms. */
  usedBy(user: CoreUser): number {
    let { cpu } = user
    for (const { task } of user.works) cpu += this.#processor.servedTo(task, this.#clock.now)
    return cpu
  }

  /** When a thread with `ms` of work left will be done, if nothing else changes (virtual ms). */
  foresee(ms: number): number {
    return this.#clock.now + ms / this.#processor.rate
  }

  #add(work: ThreadWork): void {
    this.#works.set(work.task, work)
    this.#processor.add(work.task, this.#clock.now, work.left)
    this.#plan()
  }

  #take(work: ThreadWork): void {
    const served = this.#processor.remove(work.task, this.#clock.now)
    this.#works.delete(work.task)
    work.left = Math.max(0, work.left - served)
    work.user.cpu += served
  }

  /** Schedules the end of the work that will be done first; called whenever work is added or dropped. */
  #plan(): void {
    const next = this.#processor.next()
    if (next !== undefined && this.#due !== undefined && this.#due.place >= 0 && this.#due.at === next.at)
      return
    this.#clock.cancel(this.#due)
    this.#due = next && this.#clock.schedule(next.at, () => this.#finish(next.task))
  }

  #finish(task: ProcessorTask): void | Promise<void> {
    this.#due = undefined
    const work = this.#works.get(task)
    if (work === undefined) return this.#plan()
    const { user, left } = work
    const served = this.#processor.remove(task, this.#clock.now)
    this.#works.delete(task)
    user.works.delete(work)
    // A rounding error must not lose processor time.
    user.cpu += Number.isFinite(left) ? left : served
    this.#plan()
    return work.done()
  }
}
