import type { GuestInput, GuestTurn } from './guest.ts'
import type { Kernel } from './kernel.ts'
import type { Job, Process } from './process.ts'

/** An input of application code before the clock is put in. */
export type TurnInput = GuestInput extends infer Input
  ? Input extends unknown
    ? Omit<Input, 'now' | 'epoch'>
    : never
  : never

/** A stretch of computing of a main thread, and what the code does at its end. */
export interface Stretch {
  readonly ms: number
  readonly job: (() => void) | undefined
}

/** The main thread of each process: it does one thing at a time, and what comes meanwhile waits. */
export class MainThreads {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  isBusy(process: Process): boolean {
    return process.spinning || process.inTurn || process.burst !== undefined
  }

  /** Gives a process work for its main thread: now, or when it listens again. */
  deliver(process: Process, job: Job): void | Promise<void> {
    if (!process.alive) return
    if (process.inbox.length > 0 || !this.#canRun(process)) {
      process.inbox.push(job)
      this.#rouse(process)
      return
    }
    return job()
  }

  /** Whether it can be given something to do now. What it needs of memory comes from the disk first. */
  #canRun(process: Process): boolean {
    if (process.frozen || process.waitsForDisk > 0 || this.isBusy(process)) return false
    this.#kernel.pages.use(process)
    return process.waitsForDisk === 0 && process.alive
  }

  /** The same after the moment that it takes to notice. */
  soon(process: Process, job: Job): void {
    const at = this.#kernel.now + this.#kernel.chance.within(this.#kernel.profile.notice)
    this.#kernel.schedule(at, () => this.deliver(process, job))
  }

  /** The process computes for so many ms, after what it computes already. */
  occupy(process: Process, ms: number): void {
    this.#compute(process, ms, undefined)
    if (ms >= 1) this.#sayBusy(process)
  }

  #sayBusy(process: Process): void {
    const ms = process.stretches.reduce((sum, stretch) => sum + stretch.ms, process.burst?.left ?? 0)
    process.foreseen = this.#kernel.cores.foresee(ms)
    this.#kernel.record({ type: 'busy', pid: process.pid, until: process.foreseen, spinning: false })
  }

  #compute(process: Process, ms: number, job: (() => void) | undefined): void {
    if (process.burst === undefined && ms <= 0) return job?.()
    process.stretches.push({ ms, job })
    if (process.burst === undefined) void this.#next(process)
  }

  /** The next stretch begins; after the last the thread listens again. */
  #next(process: Process): void | Promise<void> {
    process.burst = undefined
    let stretch = process.stretches.shift()
    // What happens at the same moment needs no event of its own.
    while (stretch !== undefined && stretch.ms <= 0) {
      stretch.job?.()
      if (!process.alive) return
      stretch = process.stretches.shift()
    }
    if (stretch === undefined) {
      if (process.foreseen < this.#kernel.now - 0.5) {
        this.#kernel.record({ type: 'rested', pid: process.pid })
      }
      process.foreseen = Infinity
      return this.drain(process)
    }
    const { ms, job } = stretch
    process.burst = this.#kernel.cores.run(process, ms, () => {
      job?.()
      if (process.alive) return this.#next(process)
    })
  }

  /** Sees to what waits in the inbox of a thread that has nothing to do. */
  #rouse(process: Process): void {
    if (process.frozen || process.waitsForDisk > 0) return
    if (this.isBusy(process) || process.rouse?.run !== undefined) return
    const rouse = this.#kernel.schedule(this.#kernel.now, () => {
      rouse.run = undefined
      return this.drain(process)
    })
    process.rouse = rouse
  }

  /** Works off what has waited for the main thread. */
  drain(process: Process): void | Promise<void> {
    while (process.inbox.length > 0 && process.alive && this.#canRun(process)) {
      const job = process.inbox.shift()
      if (job === undefined) break
      const pending = job()
      if (pending !== undefined) return pending.then(() => this.drain(process))
    }
    if (process.inbox.length > 0 && process.alive) this.#rouse(process)
    this.#kernel.network.offerTo(process)
  }

  /** One turn of the application's code. */
  turn(process: Process, input: TurnInput): void | Promise<void> {
    if (process.guest === undefined) return
    const turn = process.guest.turn({ ...input, now: this.#kernel.now, epoch: this.#kernel.epoch })
    if (!(turn instanceof Promise)) return this.#afterTurn(process, turn)
    process.inTurn = true
    return turn.then((done) => {
      process.inTurn = false
      this.#afterTurn(process, done)
      if (process.inbox.length > 0 && process.alive) this.#rouse(process)
    })
  }

  #afterTurn(process: Process, turn: GuestTurn): void {
    if (!process.alive) return
    this.#settle(process, turn)
    if (turn.spinning === undefined) return
    this.spin(process)
    void turn.spinning.then((rest) => {
      if (!process.alive) return
      this.#kernel.cores.drop(process.spin)
      process.spinning = false
      this.#kernel.schedule(this.#kernel.now, () => {
        this.#settle(process, rest)
        return this.drain(process)
      })
    })
  }

  /** From now on the thread computes without end. */
  spin(process: Process): void {
    process.spinning = true
    process.spin = this.#kernel.cores.run(process, Infinity, () => undefined)
    this.#kernel.record({ type: 'busy', pid: process.pid, until: Infinity, spinning: true })
  }

  #settle(process: Process, turn: GuestTurn): void {
    // It took its memory before it answered.
    if (turn.memory !== undefined) this.#kernel.setMemory(process, turn.memory)
    if (!process.alive) return
    let done = 0
    for (const act of turn.acts) {
      const job = (): void => {
        if (!process.alive) return
        if (process.frozen) process.held.push(job)
        else this.#kernel.workers.act(process, act)
      }
      if (act.after <= 0) job()
      else {
        this.#compute(process, act.after - done, job)
        done = act.after
      }
    }
    if (process.alive && turn.cpu > done) this.#compute(process, turn.cpu - done, undefined)
    if (process.alive && turn.cpu >= 1) this.#sayBusy(process)
    this.#kernel.cancel(process.wake)
    if (!process.alive) return
    if (turn.wakeAt !== undefined) {
      process.wake = this.#kernel.schedule(turn.wakeAt, () =>
        this.deliver(process, () => this.turn(process, { type: 'wake' })),
      )
    }
  }
}
