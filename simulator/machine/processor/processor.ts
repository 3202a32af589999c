import { LoadAverage } from './load-average.ts'

/** Work that a thread has for the processor. */
export interface Task {
  /** In ms of processor time; `Infinity` never ends by itself. */
  readonly work: number
  /** Served time at which it began and at which it will be done, while it runs. */
  begin: number
  end: number
  order: number
  /** Where it is in the heap; -1 when it does not run. */
  place: number
}

/** A task that does not run yet. */
export function newTask(work: number): Task {
  return { work, begin: 0, end: 0, order: 0, place: -1 }
}

/**
 * The cores of a machine, shared out fairly among all tasks that run: with n of them on c cores each gets min(1, c / n) of a core.
 * It is what Linux's fair scheduler comes to over a few of its slices. No core is idle while somebody waits for one.
 *
 * One clock, the time served to each task so far, does for all of them; so a change costs O(log n).
 */
export class Processor {
  #cores: number
  #now = 0
  /** What each running task has been served since the beginning, in ms. */
  #served = 0
  #order = 0
  #blocked = 0
  #busy = 0
  #idle = 0
  /** A heap: the task that will be done first is the first. */
  readonly #running: Task[] = []
  readonly #load = new LoadAverage()

  constructor(cores: number) {
    this.#cores = cores
  }

  get cores(): number {
    return this.#cores
  }

  /** How many tasks run or wait for a core. */
  get runnable(): number {
    return this.#running.length
  }

  /** Processor time used and not used, all cores together, in ms up to the last change. */
  get used(): { readonly busy: number; readonly idle: number } {
    return { busy: this.#busy, idle: this.#idle }
  }

  /** Moves the clock. Time does not run backwards: an earlier `now` changes nothing. */
  advance(now: number): void {
    const passed = now - this.#now
    if (passed <= 0) return
    const count = this.#running.length
    const busy = Math.min(count, this.#cores)
    this.#served += passed * this.rate
    this.#busy += passed * busy
    this.#idle += passed * (this.#cores - busy)
    this.#load.pass(passed, count + this.#blocked)
    this.#now = now
    // With nobody there the served time may be anything: clean numbers again.
    if (count === 0) this.#served = now
  }

  /** What part of a core each task gets. */
  get rate(): number {
    const count = this.#running.length
    return count <= this.#cores ? 1 : this.#cores / count
  }

  setCores(cores: number, now: number): void {
    this.advance(now)
    this.#cores = cores
  }

  /** So many processes wait for the disk: they count for the load average. */
  setBlocked(blocked: number, now: number): void {
    this.advance(now)
    this.#blocked = blocked
  }

  /** A task begins to run, or goes on with `work` ms of it left. */
  add(task: Task, now: number, work = task.work): void {
    if (task.place >= 0) throw new Error('a task that runs already was added once more')
    this.advance(now)
    task.begin = this.#served
    task.end = this.#served + work
    task.order = this.#order++
    task.place = this.#running.length
    this.#running.push(task)
    this.#up(task)
  }

  /** A task stops running, done or not; the answer is what it was served since it was added, in ms. */
  remove(task: Task, now: number): number {
    if (task.place < 0) return 0
    this.advance(now)
    const served = this.servedTo(task, now)
    const last = this.#running.pop()
    if (last !== undefined && last !== task) {
      last.place = task.place
      this.#running[last.place] = last
      this.#up(last)
      this.#down(last)
    }
    task.place = -1
    return served
  }

  /** What a running task has been served since it was added, in ms. */
  servedTo(task: Task, now: number): number {
    if (task.place < 0) return 0
    const served = this.#served + Math.max(0, now - this.#now) * this.rate
    return Math.min(served, task.end) - task.begin
  }

  /** The task that is done first if nothing changes, and when. Nothing when none ever is. */
  next(): { readonly task: Task; readonly at: number } | undefined {
    const [task] = this.#running
    if (task === undefined || task.end === Infinity) return undefined
    return { task, at: this.#now + (task.end - this.#served) / this.rate }
  }

  /** Load averages over 1, 5 and 15 minutes. */
  load(now: number): readonly [number, number, number] {
    this.advance(now)
    return this.#load.values
  }

  #before(a: Task, b: Task): boolean {
    return a.end < b.end || (a.end === b.end && a.order < b.order)
  }

  #up(task: Task): void {
    while (task.place > 0) {
      const parent = this.#running[(task.place - 1) >> 1]
      if (parent === undefined || !this.#before(task, parent)) return
      this.#swap(task, parent)
    }
  }

  #down(task: Task): void {
    for (;;) {
      const left = this.#running[2 * task.place + 1]
      const right = this.#running[2 * task.place + 2]
      const least = left !== undefined && right !== undefined && this.#before(right, left) ? right : left
      if (least === undefined || !this.#before(least, task)) return
      this.#swap(least, task)
    }
  }

  #swap(a: Task, b: Task): void {
    const { place } = a
    a.place = b.place
    b.place = place
    this.#running[a.place] = a
    this.#running[b.place] = b
  }
}
