import type { ExitStatus } from '../../manager/machine.ts'
import type { Clock, TimedWork } from './clock.ts'
import type { Cores, ThreadWork } from './cores.ts'
import type { Guest, GuestAct, GuestInput, GuestTurn } from './guest.ts'
import type { MainMemory } from './memory.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { ScheduledEvent } from './queue.ts'
import type { Timing } from './timing.ts'
import type { Trace } from './trace.ts'

/** An event for application code, without the time. */
export type TurnInput = GuestInput extends infer Input
  ? Input extends unknown
    ? Omit<Input, 'now' | 'epoch'>
    : never
  : never

/** Called with each action of an application's turns. */
export type TakeAct = (act: GuestAct) => void

/** A stretch of computing, and what the code does at the end of it. */
interface Stretch {
  readonly ms: number
  readonly job: (() => void) | undefined
}

/** The main thread of a process. */
interface Thread {
  readonly process: Process
  /** What it computes at present, and what follows; meanwhile it takes no events. */
  burst: ThreadWork | undefined
  readonly stretches: Stretch[]
  /** The end of the computing that the trace was last told. */
  foreseen: number
  spinning: boolean
  spin: ThreadWork | undefined
  /** It sleeps in the middle of its code: it uses no core and takes no events. */
  asleep: boolean
  /** Its application code is running and being awaited. */
  inTurn: boolean
  /** Work that waits for the thread, in order; `first` is done before it. */
  readonly inbox: TimedWork[]
  first: (() => void) | undefined
  /** Work that became due while the process was stopped. */
  readonly held: TimedWork[]
  guest: Guest | undefined
  takeAct: TakeAct | undefined
  /** Its timer, the earliest timer of its application code, and the next check of its inbox. */
  timer: ScheduledEvent | undefined
  appTimer: ScheduledEvent | undefined
  inboxCheck: ScheduledEvent | undefined
}

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly timing: Timing
  readonly processes: Processes
  readonly cores: Cores
  readonly memory: MainMemory
}

/** The main thread of each process: it does one thing at a time, and further work waits. */
export class MainThreads {
  /** Called when a thread becomes idle, so that it can accept connections. */
  onIdle: ((process: Process) => void) | undefined
  readonly #parts: Dependencies
  readonly #threads = new Map<number, Thread>()

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  #of(process: Process): Thread {
    const known = this.#threads.get(process.pid)
    if (known !== undefined) return known
    const thread: Thread = {
      process,
      burst: undefined,
      stretches: [],
      foreseen: Infinity,
      spinning: false,
      spin: undefined,
      asleep: false,
      inTurn: false,
      inbox: [],
      first: undefined,
      held: [],
      guest: undefined,
      takeAct: undefined,
      timer: undefined,
      appTimer: undefined,
      inboxCheck: undefined,
    }
    // A process that has ended keeps no work.
    if (process.alive) this.#threads.set(process.pid, thread)
    return thread
  }

  /** A process ended: its code stops at once. */
  end({ pid }: Process): void {
    const thread = this.#threads.get(pid)
    if (thread === undefined) return
    this.#threads.delete(pid)
    for (const due of [thread.timer, thread.appTimer, thread.inboxCheck]) this.#parts.clock.cancel(due)
    thread.inbox.length = 0
    thread.held.length = 0
    thread.stretches.length = 0
    thread.burst = undefined
    thread.guest?.end()
    thread.guest = undefined
  }

  isBusy(process: Process): boolean {
    const thread = this.#threads.get(process.pid)
    return thread !== undefined && isBusy(thread)
  }

  isSpinning({ pid }: Process): boolean {
    return this.#threads.get(pid)?.spinning === true
  }

  /** Whether its application code is running and being awaited. */
  isInTurn({ pid }: Process): boolean {
    return this.#threads.get(pid)?.inTurn === true
  }

  // Work for a thread

  /** Gives the main thread work: done now if it is idle, otherwise when it becomes idle. */
  deliver(process: Process, job: TimedWork): void | Promise<void> {
    if (!process.alive) return
    const thread = this.#of(process)
    if (thread.inbox.length > 0 || !this.#canRun(thread)) {
      thread.inbox.push(job)
      this.#scheduleInboxCheck(thread)
      return
    }
    return job()
  }

  /** The same, after the short time that the process needs to notice. */
  soon(process: Process, job: TimedWork): void {
    this.#parts.clock.after(this.#parts.timing.notice(), () => this.deliver(process, job))
  }

  /** Adds work to the inbox without starting it: the caller occupies the thread, before or after this call, or drains the inbox. */
  enqueue(process: Process, job: TimedWork): void {
    this.#of(process).inbox.push(job)
  }

  /** Adds work that is done before the rest of the inbox. */
  first(process: Process, job: () => void): void {
    this.#of(process).first = job
  }

  /** Keeps work of a stopped process until SIGCONT. */
  hold(process: Process, job: TimedWork): void {
    this.#of(process).held.push(job)
  }

  /** Removes and returns the work that was kept while the process was stopped. */
  takeHeld(process: Process): TimedWork[] {
    return this.#of(process).held.splice(0)
  }

  /** Sets the process's only timer; a new timer replaces it. */
  setTimer(process: Process, ms: number, job: TimedWork): void {
    const thread = this.#of(process)
    this.#parts.clock.cancel(thread.timer)
    thread.timer = this.#parts.clock.after(ms, () => this.deliver(process, job))
  }

  cancelTimer(process: Process): void {
    this.#parts.clock.cancel(this.#of(process).timer)
  }

  /** The program has ended: the process exits after `ms`. */
  leave(process: Process, status: ExitStatus, ms: number): void {
    const { clock, processes } = this.#parts
    clock.cancel(this.#of(process).appTimer)
    const end = (): void => processes.terminate(process, status)
    clock.after(ms, () => (process.frozen ? this.hold(process, end) : end()))
  }

  /** Whether it can work now. Pages that it needs are first read from swap. */
  #canRun(thread: Thread): boolean {
    const { process } = thread
    if (process.frozen || process.waitsForDisk > 0 || isBusy(thread)) return false
    this.#parts.memory.use(process, this.#goOn)
    return process.waitsForDisk === 0 && process.alive
  }

  readonly #goOn = (process: Process): void | Promise<void> => this.drain(process)

  /** Schedules a check of an idle thread's inbox. */
  #scheduleInboxCheck(thread: Thread): void {
    const { process, inboxCheck } = thread
    if (process.frozen || process.waitsForDisk > 0) return
    if (isBusy(thread) || (inboxCheck !== undefined && inboxCheck.place >= 0)) return
    thread.inboxCheck = this.#parts.clock.after(0, () => this.#drain(thread))
  }

  /** Does the work in the inbox. */
  drain(process: Process): void | Promise<void> {
    return this.#drain(this.#of(process))
  }

  #drain(thread: Thread): void | Promise<void> {
    const { process, inbox } = thread
    while (inbox.length > 0 && process.alive && this.#canRun(thread)) {
      const { first } = thread
      if (first !== undefined) {
        thread.first = undefined
        first()
        continue
      }
      const job = inbox.shift()
      if (job === undefined) break
      const pending = job()
      if (pending !== undefined) return pending.then(() => this.#drain(thread))
    }
    if (inbox.length > 0 && process.alive) this.#scheduleInboxCheck(thread)
    this.onIdle?.(process)
  }

  // Computing

  /** The process computes for `ms`, after its present computing. */
  occupy(process: Process, ms: number): void {
    const thread = this.#of(process)
    this.#compute(thread, ms, undefined)
    if (ms >= 1) this.#sayBusy(thread)
  }

  /** The thread computes endlessly from now on. */
  spin(process: Process): void {
    const thread = this.#of(process)
    thread.spinning = true
    thread.spin = this.#parts.cores.run(process, Infinity, () => undefined)
    this.#parts.trace.record({ type: 'busy', pid: process.pid, until: Infinity, spinning: true })
  }

  #sayBusy(thread: Thread): void {
    const ms = thread.stretches.reduce((sum, stretch) => sum + stretch.ms, thread.burst?.left ?? 0)
    thread.foreseen = this.#parts.cores.foresee(ms)
    const { pid } = thread.process
    this.#parts.trace.record({ type: 'busy', pid, until: thread.foreseen, spinning: false })
  }

  #saySleeping({ process }: Thread, until: number): void {
    if (until - this.#parts.clock.now < 1) return
    this.#parts.trace.record({ type: 'busy', pid: process.pid, until, spinning: false })
  }

  #compute(thread: Thread, ms: number, job: (() => void) | undefined): void {
    if (thread.burst === undefined && ms <= 0) return job?.()
    thread.stretches.push({ ms, job })
    if (thread.burst === undefined) void this.#next(thread)
  }

  /** Begins the next stretch of computing; after the last one the thread is idle. */
  #next(thread: Thread): void | Promise<void> {
    const { process } = thread
    thread.burst = undefined
    let stretch = thread.stretches.shift()
    // Computing that takes no time needs no event of its own.
    while (stretch !== undefined && stretch.ms <= 0) {
      stretch.job?.()
      if (!process.alive) return
      stretch = thread.stretches.shift()
    }
    if (stretch === undefined) {
      if (thread.foreseen < this.#parts.clock.now - 0.5)
        this.#parts.trace.record({ type: 'rested', pid: process.pid })
      thread.foreseen = Infinity
      return this.#drain(thread)
    }
    const { ms, job } = stretch
    thread.burst = this.#parts.cores.run(process, ms, () => {
      job?.()
      if (process.alive) return this.#next(thread)
    })
  }

  // Application code

  /** Gives a process its application code; `takeAct` gets what the code does. */
  load(process: Process, guest: Guest, takeAct?: TakeAct): void {
    const thread = this.#of(process)
    thread.guest = guest
    thread.takeAct = takeAct
  }

  /** Removes its application code. */
  unload(process: Process): void {
    this.#of(process).guest = undefined
  }

  /** One turn of the application's code. */
  turn(process: Process, input: TurnInput): void | Promise<void> {
    return this.#turn(this.#of(process), input)
  }

  #turn(thread: Thread, input: TurnInput): void | Promise<void> {
    const { clock } = this.#parts
    if (thread.guest === undefined) return
    const turn = thread.guest.turn({ ...input, now: clock.now, epoch: clock.epoch })
    if (!(turn instanceof Promise)) return this.#afterTurn(thread, turn)
    thread.inTurn = true
    return turn.then((done) => {
      thread.inTurn = false
      this.#afterTurn(thread, done)
      if (thread.inbox.length > 0 && thread.process.alive) this.#scheduleInboxCheck(thread)
    })
  }

  #afterTurn(thread: Thread, turn: GuestTurn): void {
    const { process } = thread
    if (!process.alive) return
    this.#settle(thread, turn)
    if (turn.spinning === undefined) return
    this.spin(process)
    void turn.spinning.then((rest) => {
      if (!process.alive) return
      this.#parts.cores.drop(thread.spin)
      thread.spinning = false
      this.#parts.clock.after(0, () => {
        this.#settle(thread, rest)
        return this.#drain(thread)
      })
    })
  }

  #settle(thread: Thread, turn: GuestTurn): void {
    const { process } = thread
    // The code allocated its memory before its other actions.
    if (turn.memory !== undefined) this.#parts.memory.resize(process, turn.memory)
    if (!process.alive) return
    let done = 0
    for (const act of turn.acts) {
      const job = (): void => {
        if (!process.alive) return
        if (process.frozen) thread.held.push(job)
        else thread.takeAct?.(act)
      }
      if (act.after <= 0) job()
      else {
        this.#compute(thread, act.after - done, job)
        done = act.after
      }
    }
    if (process.alive && turn.cpu > done) this.#compute(thread, turn.cpu - done, undefined)
    if (process.alive && turn.cpu >= 1) this.#sayBusy(thread)
    this.#parts.clock.cancel(thread.appTimer)
    if (process.alive) this.#untilWake(thread, turn)
  }

  /** The code is idle, or sleeps, until its next timer. */
  #untilWake(thread: Thread, { heldUntil, wakeAt }: GuestTurn): void {
    thread.asleep = heldUntil !== undefined
    if (heldUntil !== undefined) this.#saySleeping(thread, heldUntil)
    if (wakeAt === undefined) return
    thread.appTimer = this.#parts.clock.schedule(wakeAt, () => {
      const wake = () => this.#turn(thread, { type: 'wake' })
      if (!thread.asleep) return this.deliver(thread.process, wake)
      // It wakes in the middle of its code, so this comes before the inbox.
      thread.asleep = false
      thread.inbox.unshift(wake)
      return this.#drain(thread)
    })
  }
}

function isBusy(thread: Thread): boolean {
  return thread.spinning || thread.asleep || thread.inTurn || thread.burst !== undefined
}
