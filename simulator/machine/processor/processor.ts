import { Heap } from '../heap.ts'
import { LoadAverage } from './load-average.ts'

/** Processor time that a thread needs. */
export interface ProcessorTask {
  /** In ms of processor time; `Infinity` for an endless loop. */
  readonly work: number
  /** While it runs: the served time (see `Processor`) at which it began, and at which it will be done. */
  begin: number
  end: number
  order: number
  /** Its index in the heap; -1 while it does not run. */
  place: number
}

/** A task that is not running yet. */
export function newTask(work: number): ProcessorTask {
  return { work, begin: 0, end: 0, order: 0, place: -1 }
}

/**
 * The cores of a machine, shared fairly among all runnable tasks: with n of them on c cores each gets min(1, c / n) of a core, as Linux's
 * fair scheduler gives over a few time slices. No core is idle while a task waits for one. All tasks are served at the same rate, so one
 * number, the time served to each so far, suffices for all; a change costs O(log n).
 */
export class Processor {
  #cores: number
  #now = 0
  /** Processor time that a task would have received if it had run from the beginning, in ms. */
  #served = 0
  #order = 0
  #blocked = 0
  #busy = 0
  #idle = 0
  /** Sorted by the time at which they will be done. */
  readonly #running = new Heap<ProcessorTask>(
    (a, b) => a.end < b.end || (a.end === b.end && a.order < b.order),
  )
  #load = new LoadAverage()

  constructor(cores: number) {
    this.#cores = cores
  }

  get cores(): number {
    return this.#cores
  }

  /** How many tasks run or wait for a core. */
  get runnable(): number {
    return this.#running.size
  }

  /** Processor time used and not used since the last boot, all cores together, in ms up to the last change. */
  get used(): { readonly busy: number; readonly idle: number } {
    return { busy: this.#busy, idle: this.#idle }
  }

  /** Moves the clock. Time does not run backwards: an earlier `now` changes nothing. */
  advance(now: number): void {
    const passed = now - this.#now
    if (passed <= 0) return
    const count = this.#running.size
    const busy = Math.min(count, this.#cores)
    this.#served += passed * this.rate
    this.#busy += passed * busy
    this.#idle += passed * (this.#cores - busy)
    this.#load.pass(passed, count + this.#blocked)
    this.#now = now
    // No task runs, so the served time may be anything: a round number keeps rounding errors small.
    if (count === 0) this.#served = now
  }

  /** What part of a core each task gets. */
  get rate(): number {
    const count = this.#running.size
    return count <= this.#cores ? 1 : this.#cores / count
  }

  /** After a boot: load and used time are counted from `now`. */
  countFrom(now: number): void {
    this.advance(now)
    this.#busy = 0
    this.#idle = 0
    this.#load = new LoadAverage()
  }

  setCores(cores: number, now: number): void {
    this.advance(now)
    this.#cores = cores
  }

  /** Sets how many processes wait for the disk: they count in the load average. */
  setBlocked(blocked: number, now: number): void {
    this.advance(now)
    this.#blocked = blocked
  }

  /** A task becomes runnable, with `work` ms of processor time left. */
  add(task: ProcessorTask, now: number, work = task.work): void {
    if (task.place >= 0) throw new Error('a task that runs already was added once more')
    this.advance(now)
    task.begin = this.#served
    task.end = this.#served + work
    task.order = this.#order++
    this.#running.add(task)
  }

  /** A task stops running, done or not. @returns the processor time it got since it was added, in ms */
  remove(task: ProcessorTask, now: number): number {
    if (task.place < 0) return 0
    this.advance(now)
    const served = this.servedTo(task, now)
    this.#running.remove(task)
    return served
  }

  /** The processor time that a running task got since it was added, in ms. */
  servedTo(task: ProcessorTask, now: number): number {
    if (task.place < 0) return 0
    const served = this.#served + Math.max(0, now - this.#now) * this.rate
    return Math.min(served, task.end) - task.begin
  }

  /** The task that will be done first if nothing changes, and when (virtual ms); `undefined` when none ends. */
  next(): { readonly task: ProcessorTask; readonly at: number } | undefined {
    const task = this.#running.first
    if (task === undefined || task.end === Infinity) return undefined
    return { task, at: this.#now + (task.end - this.#served) / this.rate }
  }

  /** Load averages over 1, 5 and 15 minutes. */
  load(now: number): readonly [number, number, number] {
    this.advance(now)
    return this.#load.values
  }
}
