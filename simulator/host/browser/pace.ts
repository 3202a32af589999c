import { SPEEDS as ALL } from '../../machine/speed.ts'

/** The part of a kernel that is driven here; times in virtual ms. */
export interface Paced {
  readonly now: number
  nextAt(): number | undefined
  step(): void | Promise<void>
  runUntil(until: number): Promise<void>
}

/** The lowest and the highest speed, in virtual ms for each ms of real time. */
export const SPEEDS = { least: Math.min(...ALL), most: Math.max(...ALL) } as const

/** A longer frame counts as this long: the tab was hidden or the browser busy, and the time that was missed is not made up for. */
const LONGEST_FRAME_MS = 250

/** How long a skip of time may block the page, in ms. */
const LONGEST_STRETCH_MS = 12

/**
 * How much of a frame a watched machine may take, in ms. One that needs more falls behind real time, so that the page stays responsive:
 * it then runs in every second frame only, a little longer, and leaves the others to the page.
 */
const FRAME_BUDGET_MS = { usual: 4, behind: 6 } as const
/** Where frames come slowly it takes at least this part of the time since the last one, counted up to `SLOW_FRAME_MS`. */
const LEAST_SHARE = 0.18
const SLOW_FRAME_MS = 100

/**
 * A turn counts as five times the time of its `postMessage`, since its answer is a task of its own: with this factor the frames that
 * `npm run bench:playground` measures keep within their goal (Chromium 156, two slow cores, 2026-11-26).
 */
const TURN_SHARE = 5

/** The speed that is reached is measured over this many ms of real time, and reported when it is below this part of the speed asked for. */
const MEASURED_MS = 1000
const MUCH_LESS = 0.8

/**
 * Drives a machine by the wall clock, at any speed or event by event. It costs the page one callback a frame while the machine runs,
 * and nothing else. A hidden tab has no frames, so there the machine stands still.
 */
export class Pace {
  readonly #machine: Paced
  readonly #changed: () => void
  readonly #handing: (() => number) | undefined
  #running = false
  #speed = 1
  #frame: number | undefined
  /** Real time up to which the machine has been run. */
  #lastFrame: number | undefined
  /** When the last frame began, and the last one in which the machine ran. */
  #frameAt = 0
  #playedAt = 0
  /** The machine has more to do than it can in real time. */
  #behind = false
  /** When the current measurement of the speed began (real and virtual time), and whether the last one was slow. */
  #measured = { wall: 0, now: 0, isSlow: false }
  #reached: number | undefined
  /** Work on the machine is done one after the other, since each may wait for an application's turn. */
  #work: Promise<void> = Promise.resolve()
  #busy = false
  /** Counts pauses: work that began before the last one stops at its next event. */
  #pauses = 0
  /** Calls of `atNextMillisecond` that wait for the next whole millisecond. */
  readonly #scheduled: ((at: number) => void)[] = []
  #disposed = false

  /**
   * @param changed called when the machine starts, stops or changes its speed
   * @param handing how long this thread has spent so far on sending turns to workers, in ms. A machine that has it leaves the page a part of
   *   each frame; without it the machine takes as long as it needs.
   */
  constructor(machine: Paced, changed: () => void = () => undefined, handing?: () => number) {
    this.#machine = machine
    this.#changed = changed
    this.#handing = handing
  }

  get running(): boolean {
    return this.#running
  }

  /** Whether the page may draw in the frame that began at this time (of requestAnimationFrame). */
  leaves(wall: number): boolean {
    if (!this.#running || !this.#behind) return true
    // This may be called before the machine has run in this frame, or after.
    return wall === this.#frameAt ? this.#playedAt !== wall : this.#playedAt === this.#frameAt
  }

  /** Virtual ms for each ms of real time. */
  get speed(): number {
    return this.#speed
  }

  /** @throws RangeError when the speed is outside `SPEEDS` */
  set speed(speed: number) {
    if (!(speed >= SPEEDS.least && speed <= SPEEDS.most)) {
      throw new RangeError(`a speed from ${SPEEDS.least} to ${SPEEDS.most} was expected, but it was ${speed}`)
    }
    this.#speed = speed
    this.#forgetReached()
    this.#changed()
  }

  /** The speed of the last second, when it was much lower than asked for because the browser could do no more. */
  get reached(): number | undefined {
    return this.#running ? this.#reached : undefined
  }

  /** Starts or resumes the machine. */
  run(): void {
    if (this.#running || this.#disposed) return
    this.#running = true
    this.#behind = false
    this.#lastFrame = undefined
    this.#forgetReached()
    this.#nextFrame()
    this.#changed()
  }

  /** Pauses the machine. Resolves when a turn that was under way is over. */
  async pause(): Promise<void> {
    this.#stop()
    await this.#work
  }

  #stop(): void {
    this.#pauses += 1
    if (!this.#running) return
    this.#running = false
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.#changed()
  }

  /** Pauses the machine and plays its next event, however far away it is. Resolves to whether there was one. */
  async step(): Promise<boolean> {
    await this.pause()
    if (this.#disposed || this.#machine.nextAt() === undefined) return false
    await this.#do(async () => {
      await this.#machine.step()
    })
    return true
  }

  /** Plays this many virtual ms as fast as possible, and goes on as before. A pause ends it early. */
  async skip(ms: number): Promise<void> {
    await this.runUntil(this.#machine.now + ms)
  }

  /** Plays up to a virtual time as fast as possible. */
  async runUntil(until: number): Promise<void> {
    await this.#do(() => this.#runUntil(until))
    this.#lastFrame = undefined
  }

  /**
   * Calls `run` at the machine's next whole millisecond, after all events up to then: so a replay can do the same at the same moment.
   * Works on a paused machine too.
   */
  atNextMillisecond(run: (at: number) => void): void {
    this.#scheduled.push(run)
    if (!this.#busy) this.#do(() => this.#runScheduled()).catch(reportError)
  }

  /** Stops the machine; it cannot be started again. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await this.pause()
  }

  #nextFrame(): void {
    this.#frame = requestAnimationFrame((wall) => {
      this.#frame = undefined
      if (!this.#running) return
      const plays = !this.#behind || this.#playedAt !== this.#frameAt
      this.#frameAt = wall
      this.#measure(wall)
      if (plays) {
        const since = Math.min(wall - this.#playedAt, SLOW_FRAME_MS)
        this.#playedAt = wall
        // Time that passes while a turn is awaited is made up for afterwards.
        if (!this.#busy) this.#letGo(wall, since * LEAST_SHARE)
      }
      this.#nextFrame()
    })
  }

  #forgetReached(): void {
    this.#measured = { wall: 0, now: 0, isSlow: false }
    this.#reached = undefined
  }

  #measure(wall: number): void {
    const { now } = this.#machine
    const passed = wall - this.#measured.wall
    if (passed < MEASURED_MS) return
    const reached = (now - this.#measured.now) / passed
    // No report after a pause or a hidden tab, nor of a short moment, as when workers start: two slow measurements in a row count.
    const isSlow = passed < 2 * MEASURED_MS && reached < MUCH_LESS * this.#speed
    this.#reached = isSlow && this.#measured.isSlow ? reached : undefined
    this.#measured = { wall, now, isSlow }
  }

  /** Runs the machine for the real time since the last call; it may take at least `least` ms of this thread. */
  #letGo(wall: number, least: number): void {
    const passed = this.#lastFrame === undefined ? 0 : Math.min(wall - this.#lastFrame, LONGEST_FRAME_MS)
    this.#lastFrame = wall
    const until = this.#machine.now + Math.max(passed, 0) * this.#speed
    const pauses = this.#pauses
    const run = async () => {
      if (this.#handing === undefined) return this.#runUntil(until)
      const budget = Math.max(FRAME_BUDGET_MS[this.#behind ? 'behind' : 'usual'], least)
      await this.#runWithin(budget, until, this.#handing)
      if (this.#pauses !== pauses) return
      this.#behind = this.#machine.now < until
      // What it could not play is made up for when there is less to do.
      this.#lastFrame = wall - Math.max(0, until - this.#machine.now) / this.#speed
    }
    this.#do(run).catch((error: unknown) => {
      // One report is enough: the next frame would fail in the same way.
      this.#stop()
      reportError(error)
    })
  }

  /** Plays events up to a virtual time, or until they have taken `budget` ms of this thread. */
  async #runWithin(budget: number, until: number, handing: () => number): Promise<void> {
    const pauses = this.#pauses
    for (let spent = 0; spent < budget;) {
      const next = this.#machine.nextAt()
      if (next === undefined || next > until) return this.#machine.runUntil(until)
      const began = performance.now()
      const handed = handing()
      const turn = this.#machine.step()
      spent += performance.now() - began
      if (turn !== undefined) await turn
      spent += TURN_SHARE * (handing() - handed)
      if (this.#scheduled.length > 0) await this.#runScheduled()
      if (this.#pauses !== pauses) return
    }
  }

  /** Plays events up to a virtual time, one by one: a pause takes effect in between, and the page can do its own work. */
  async #runUntil(until: number): Promise<void> {
    const pauses = this.#pauses
    let began = performance.now()
    for (;;) {
      const next = this.#machine.nextAt()
      if (next === undefined || next > until) break
      await this.#machine.step()
      if (this.#scheduled.length > 0) await this.#runScheduled()
      if (performance.now() - began > LONGEST_STRETCH_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0))
        began = performance.now()
      }
      if (this.#pauses !== pauses) return
    }
    await this.#machine.runUntil(until)
  }

  async #runScheduled(): Promise<void> {
    for (let run = this.#scheduled.shift(); run !== undefined; run = this.#scheduled.shift()) {
      const at = Math.ceil(this.#machine.now)
      await this.#machine.runUntil(at)
      run(at)
    }
  }

  #do(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      if (this.#disposed) return
      this.#busy = true
      try {
        await work()
        // Calls that came while the last event was played, or that a pause had put off.
        await this.#runScheduled()
      } finally {
        this.#busy = false
      }
    })
    this.#work = done.catch(() => undefined)
    return done
  }
}
