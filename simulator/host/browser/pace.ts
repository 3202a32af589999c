/** What is paced: the kernel of a machine, in virtual ms. */
export interface Paced {
  readonly now: number
  nextAt(): number | undefined
  step(): void | Promise<void>
  runUntil(until: number): Promise<void>
}

/** The slowest and the fastest that a machine can be watched. */
export const SPEEDS = { least: 0.1, most: 20 } as const

/** Longer frames are cut: the tab was hidden, or the browser was busy. What was missed is not run after. */
const LONGEST_FRAME_MS = 250

/** So long the page may be kept from its own work when time is skipped, in ms. */
const LONGEST_STRETCH_MS = 12

/**
 * What a watched machine may take of a frame, in ms. One that wants more falls behind the wall, and the page stays quick: it takes only
 * every second frame then, a little more of it, and leaves the others to the page.
 */
const FRAME_BUDGET_MS = { usual: 4, behind: 6 } as const
/** At least this part of the time, where frames are slow in coming; no more of them than so long, in ms. */
const LEAST_SHARE = 0.18
const SLOW_FRAME_MS = 100

/**
 * A turn counts as five times what it takes to hand it over, for its answer comes as a task of its own: so the frames that
 * `npm run bench:playground` measures keep within their goal (Chromium 156, two slow cores, 2026-11-26).
 */
const TURN_SHARE = 5

/** So long it is measured how fast time really goes, in ms of the wall; and below which part of what was asked that is worth telling. */
const MEASURED_MS = 1000
const MUCH_LESS = 0.8

/**
 * Drives a machine by the wall clock: as fast as the wall, slower, faster, or event by event. Only while it runs
 * does it take anything of the page: one callback a frame. A hidden tab has no frames, so there the machine stands still.
 */
export class Pace {
  readonly #machine: Paced
  readonly #changed: () => void
  readonly #handing: (() => number) | undefined
  #running = false
  #speed = 1
  #frame: number | undefined
  /** Wall time up to which virtual time has been let go. */
  #lastFrame: number | undefined
  /** The beginning of the last frame, and of the last one that was played in. */
  #frameAt = 0
  #playedAt = 0
  /** More happens than can be played in time. */
  #behind = false
  /** Since when it is measured how fast virtual time really goes, on the wall and on the machine; and what came of it last. */
  #measured = { wall: 0, now: 0, isSlow: false }
  #reached: number | undefined
  /** Work on the machine is done one after the other: a turn of an application may be awaited meanwhile. */
  #work: Promise<void> = Promise.resolve()
  #busy = false
  /** Counts pauses: work that began before the last one stops at its next event. */
  #pauses = 0
  /** What is to be done from outside at the next whole millisecond. */
  readonly #acts: ((at: number) => void)[] = []
  #disposed = false

  /**
   * `changed` is called when it starts, stops or changes its speed; `handing` tells how long this thread has been busy with handing turns
   * over so far, in ms: a machine that tells it leaves the page its part of each frame, any other takes what it needs.
   */
  constructor(machine: Paced, changed: () => void = () => undefined, handing?: () => number) {
    this.#machine = machine
    this.#changed = changed
    this.#handing = handing
  }

  get running(): boolean {
    return this.#running
  }

  /** Whether the frame that began at this time of the wall is the page's, to draw in. */
  leaves(wall: number): boolean {
    if (!this.#running || !this.#behind) return true
    // Asked before the machine's own turn in this frame, or after it.
    return wall === this.#frameAt ? this.#playedAt !== wall : this.#playedAt === this.#frameAt
  }

  /** Virtual ms for each ms on the wall. */
  get speed(): number {
    return this.#speed
  }

  /** @throws RangeError when it is not between the slowest and the fastest. */
  set speed(speed: number) {
    if (!(speed >= SPEEDS.least && speed <= SPEEDS.most)) {
      throw new RangeError(`a speed from ${SPEEDS.least} to ${SPEEDS.most} was expected, but it was ${speed}`)
    }
    this.#speed = speed
    this.#forgetReached()
    this.#changed()
  }

  /** Virtual ms for each ms on the wall, as of the last second, when it was much less than asked for: the browser could do no more. */
  get reached(): number | undefined {
    return this.#running ? this.#reached : undefined
  }

  /** Lets the machine run, from now on or again. */
  run(): void {
    if (this.#running || this.#disposed) return
    this.#running = true
    this.#behind = false
    this.#lastFrame = undefined
    this.#forgetReached()
    this.#nextFrame()
    this.#changed()
  }

  /** Stops it where it is. Resolves when a turn that was under way is over. */
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

  /** Plays one event, the next, however far away it is. A running machine is paused. Resolves to whether there was one. */
  async step(): Promise<boolean> {
    await this.pause()
    if (this.#disposed || this.#machine.nextAt() === undefined) return false
    await this.#do(async () => {
      await this.#machine.step()
    })
    return true
  }

  /** Plays so many virtual ms as fast as they can be computed, and goes on as before. A pause ends it early. */
  async skip(ms: number): Promise<void> {
    await this.runUntil(this.#machine.now + ms)
  }

  /** The same up to a virtual time. */
  async runUntil(until: number): Promise<void> {
    await this.#do(() => this.#runUntil(until))
    this.#lastFrame = undefined
  }

  /**
   * Does something to the machine at its next whole millisecond, after everything that happens up to then by itself:
   * a moment that can be named, and found again when it is played once more. Paused machines too.
   */
  act(run: (at: number) => void): void {
    this.#acts.push(run)
    if (!this.#busy) this.#do(() => this.#doActs()).catch(reportError)
  }

  /** Ends for good. */
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
        // What passes while a turn is awaited is made up for afterwards.
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
    // After a pause, or a time in which the tab was hidden, there is nothing to tell; nor of a moment, as when workers start.
    const isSlow = passed < 2 * MEASURED_MS && reached < MUCH_LESS * this.#speed
    this.#reached = isSlow && this.#measured.isSlow ? reached : undefined
    this.#measured = { wall, now, isSlow }
  }

  /** Lets the machine go as far as the wall has gone since the last time; it may take so much of this thread's time at least, in ms. */
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
      // What it could not do is made up for when there is less to do.
      this.#lastFrame = wall - Math.max(0, until - this.#machine.now) / this.#speed
    }
    this.#do(run).catch((error: unknown) => {
      // Once is enough: the next frame would meet it again.
      this.#stop()
      reportError(error)
    })
  }

  /** Event by event, until the time has come or so much work has been done, in ms of this thread. */
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
      if (this.#acts.length > 0) await this.#doActs()
      if (this.#pauses !== pauses) return
    }
  }

  /** Event by event, so that a pause or the end of the page is heard, and the page can do its own work in between. */
  async #runUntil(until: number): Promise<void> {
    const pauses = this.#pauses
    let began = performance.now()
    for (;;) {
      const next = this.#machine.nextAt()
      if (next === undefined || next > until) break
      await this.#machine.step()
      if (this.#acts.length > 0) await this.#doActs()
      if (performance.now() - began > LONGEST_STRETCH_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0))
        began = performance.now()
      }
      if (this.#pauses !== pauses) return
    }
    await this.#machine.runUntil(until)
  }

  async #doActs(): Promise<void> {
    for (let act = this.#acts.shift(); act !== undefined; act = this.#acts.shift()) {
      const at = Math.ceil(this.#machine.now)
      await this.#machine.runUntil(at)
      act(at)
    }
  }

  #do(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      if (this.#disposed) return
      this.#busy = true
      try {
        await work()
        // Asked for while the last event was being played, or a pause came before their turn.
        await this.#doActs()
      } finally {
        this.#busy = false
      }
    })
    this.#work = done.catch(() => undefined)
    return done
  }
}
