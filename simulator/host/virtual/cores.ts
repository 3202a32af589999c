import { newTask, Processor, type Task } from '../../machine/processor/processor.ts'
import type { Kernel } from './kernel.ts'
import type { Job, Process } from './process.ts'
import type { Due } from './queue.ts'

/** Work of one thread of a process. */
export interface Work {
  readonly process: Process
  readonly task: Task
  /** What is left of it while it does not run. */
  left: number
  readonly done: Job
}

/** Lets the processes of the machine have its cores: work takes as long as it does with everybody else at it. */
export class Cores {
  readonly processor: Processor
  readonly #kernel: Kernel
  readonly #works = new Map<Task, Work>()
  #due: Due | undefined

  constructor(kernel: Kernel, cores: number) {
    this.#kernel = kernel
    this.processor = new Processor(cores)
  }

  /** A thread of a process computes so many ms, then `done` is called. It stands still while the process is stopped, and ends with it. */
  run(process: Process, ms: number, done: Job): Work {
    const work: Work = { process, task: newTask(ms), left: ms, done }
    process.works.add(work)
    if (!process.frozen && process.waitsForDisk === 0) this.#add(work)
    return work
  }

  /** Work is given up; the processor time that it had is the process's all the same. */
  drop(work: Work | undefined): void {
    if (work === undefined) return
    this.#take(work)
    work.process.works.delete(work)
    this.#plan()
  }

  /** A process stops, or waits for the disk: its work stands still. */
  suspend(process: Process): void {
    for (const work of process.works) this.#take(work)
    this.#plan()
  }

  /** It goes on. */
  resume(process: Process): void {
    if (process.frozen || process.waitsForDisk > 0) return
    for (const work of process.works) if (work.task.place < 0) this.#add(work)
  }

  /** A process ended. */
  end(process: Process): void {
    this.suspend(process)
    process.works.clear()
  }

  setCores(cores: number): void {
    this.processor.setCores(cores, this.#kernel.now)
    this.#plan()
  }

  /** Processor time that a process has used, in ms. */
  usedBy(process: Process): number {
    let cpu = process.cpu
    for (const { task } of process.works) cpu += this.processor.servedTo(task, this.#kernel.now)
    return cpu
  }

  /** When a thread that has so many ms to go will be done if nothing changes. */
  foresee(ms: number): number {
    return this.#kernel.now + ms / this.processor.rate
  }

  #add(work: Work): void {
    this.#works.set(work.task, work)
    this.processor.add(work.task, this.#kernel.now, work.left)
    this.#plan()
  }

  #take(work: Work): void {
    const served = this.processor.remove(work.task, this.#kernel.now)
    this.#works.delete(work.task)
    work.left = Math.max(0, work.left - served)
    work.process.cpu += served
  }

  /** The next end of any work is an event; a change of who runs may move it. */
  #plan(): void {
    const next = this.processor.next()
    if (next !== undefined && this.#due?.run !== undefined && this.#due.at === next.at) return
    this.#kernel.cancel(this.#due)
    this.#due = next && this.#kernel.schedule(next.at, () => this.#finish(next.task))
  }

  #finish(task: Task): void | Promise<void> {
    this.#due = undefined
    const work = this.#works.get(task)
    if (work === undefined) return this.#plan()
    const { process, left } = work
    const served = this.processor.remove(task, this.#kernel.now)
    this.#works.delete(task)
    process.works.delete(work)
    // Rounding must not take processor time away.
    process.cpu += Number.isFinite(left) ? left : served
    this.#plan()
    return work.done()
  }
}
