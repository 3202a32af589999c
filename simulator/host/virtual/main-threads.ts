import type { GuestInput, GuestTurn } from './guest.ts'
import type { Kernel } from './kernel.ts'
import type { Job, Process } from './process.ts'

/** An input of application code before the clock is put in. */
export type TurnInput = GuestInput extends infer Input
  ? Input extends unknown
    ? Omit<Input, 'now' | 'epoch'>
    : never
  : never

/** The main thread of each process: it does one thing at a time, and what comes meanwhile waits. */
export class MainThreads {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  isBusy(process: Process): boolean {
    return process.spinning || process.inTurn || process.busyUntil > this.#kernel.now
  }

  /** Gives a process work for its main thread: now, or when it listens again. */
  deliver(process: Process, job: Job): void | Promise<void> {
    if (!process.alive) return
    if (process.frozen || this.isBusy(process) || process.inbox.length > 0) {
      process.inbox.push(job)
      this.#rouseLater(process)
      return
    }
    return job()
  }

  /** The same after the moment that it takes to notice. */
  soon(process: Process, job: Job): void {
    const at = this.#kernel.now + this.#kernel.chance.within(this.#kernel.profile.notice)
    this.#kernel.schedule(at, () => this.deliver(process, job))
  }

  /** The process computes for so many ms. */
  occupy(process: Process, ms: number): void {
    process.cpu += ms
    process.busyUntil = Math.max(process.busyUntil, this.#kernel.now) + ms
    if (ms >= 1) {
      this.#kernel.record({ type: 'busy', pid: process.pid, until: process.busyUntil, spinning: false })
    }
    this.#rouseLater(process)
  }

  #rouseLater(process: Process): void {
    if (process.spinning || process.inTurn || process.frozen) return
    if (process.rouse?.run !== undefined && process.rouse.at >= process.busyUntil) return
    this.#kernel.cancel(process.rouse)
    const rouse = this.#kernel.schedule(process.busyUntil, () => {
      rouse.run = undefined
      return this.drain(process)
    })
    process.rouse = rouse
  }

  /** Works off what has waited for the main thread. */
  async drain(process: Process): Promise<void> {
    while (process.alive && !process.frozen && !this.isBusy(process)) {
      const job = process.inbox.shift()
      if (job === undefined) break
      const pending = job()
      if (pending !== undefined) await pending
    }
    if (process.inbox.length > 0 && process.alive) this.#rouseLater(process)
    this.#kernel.network.offerAll()
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
    })
  }

  #afterTurn(process: Process, turn: GuestTurn): void {
    if (!process.alive) return
    this.#settle(process, turn)
    if (turn.spinning === undefined) return
    process.spinning = true
    this.#kernel.record({ type: 'busy', pid: process.pid, until: Infinity, spinning: true })
    void turn.spinning.then((rest) => {
      if (!process.alive) return
      process.spinning = false
      this.#kernel.schedule(this.#kernel.now, () => {
        this.#settle(process, rest)
        return this.drain(process)
      })
    })
  }

  #settle(process: Process, turn: GuestTurn): void {
    const start = this.#kernel.now
    for (const act of turn.acts) {
      const job = (): void | Promise<void> => {
        if (!process.alive) return
        if (process.frozen) process.held.push(job)
        else return this.#kernel.workers.act(process, act)
      }
      if (act.after <= 0) void job()
      else this.#kernel.schedule(start + act.after, job)
    }
    if (turn.cpu > 0) this.occupy(process, turn.cpu)
    if (turn.memory !== undefined) this.#kernel.setMemory(process, turn.memory)
    this.#kernel.cancel(process.wake)
    if (turn.wakeAt !== undefined) {
      process.wake = this.#kernel.schedule(turn.wakeAt, () =>
        this.deliver(process, () => this.turn(process, { type: 'wake' })),
      )
    }
  }
}
