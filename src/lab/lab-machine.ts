import type { BrowserMachine, MachineOptions } from '../../simulator/host/browser/index.ts'
import { isTaken } from '../../simulator/machine/view/index.ts'
import type { Speed } from '../../simulator/machine/speed.ts'
import type { Scenario, Step } from '../../simulator/scenario/index.ts'
import { LabRun, type RunListener } from './run.ts'
import { setRunning, LONGEST_STEP, stepToNextEvent } from '../simulated-machine/time.ts'
import type { LabWords } from '../machine-view/words.ts'

export interface LabMachineOptions {
  readonly scenario: Scenario
  readonly words: LabWords
  readonly make: (options: MachineOptions) => Promise<BrowserMachine>
  /** Columns of the terminals. */
  readonly columns: () => number
  readonly listener: RunListener
  /** Called when the old machine is gone, together with what was being played on it. */
  readonly onGone: () => void
  /** A fresh machine is ready. */
  readonly onFresh: (run: LabRun) => void
}

/** Owns the lab's machine: one at a time, replaced by a fresh one on request; and controls its time. */
export class LabMachine {
  readonly #options: LabMachineOptions
  #run: LabRun | undefined
  #pausedBy: 'reader' | 'page' | undefined
  #speed = 1
  /** Counts requests for a fresh machine: only the latest is fulfilled. */
  #asked = 0
  #work: Promise<unknown> = Promise.resolve()
  #ended = false

  constructor(options: LabMachineOptions) {
    this.#options = options
  }

  get run(): LabRun | undefined {
    return this.#run
  }

  /** Whether the reader, or a verdict, has paused time. */
  get paused(): boolean {
    return this.#pausedBy !== undefined
  }

  /** Whether the reader has paused time: then it goes on only when the reader resumes it. */
  get pausedByReader(): boolean {
    return this.#pausedBy === 'reader'
  }

  /** The speed that the reader has chosen. */
  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
    this.tempo(undefined)
  }

  /** Sets the speed while something is played; `undefined`: back to the reader's. */
  tempo(speed: Speed | undefined): void {
    if (this.#run !== undefined) this.#run.machine.pace.speed = speed ?? this.#speed
  }

  /** Skips this many virtual ms, as fast as they can be computed. */
  skip(ms: number): void {
    this.#run?.machine.pace.skip(ms).catch((error: unknown) => reportError(error))
  }

  /**
   * Sets up a fresh machine, with this seed or the lab's own; `undefined` when another one was requested meanwhile.
   * @throws Error when it cannot be set up; the message says why
   */
  fresh(seed: number = this.#options.scenario.seed): Promise<LabRun | undefined> {
    const asked = ++this.#asked
    const work = this.#work.then(() => (asked === this.#asked ? this.#replace(seed) : undefined))
    this.#work = work.catch(() => undefined)
    return work.then(() => (asked === this.#asked ? this.#run : undefined))
  }

  async #replace(seed: number): Promise<void> {
    const { scenario, words, make, columns, listener, onGone, onFresh } = this.#options
    const old = this.#run
    this.#run = undefined
    if (old !== undefined) {
      onGone()
      await old.dispose()
    }
    const run = await LabRun.start({ scenario, words, make, columns: columns(), seed, listener })
    if (this.#ended) return run.dispose()
    this.#pausedBy = undefined
    this.#run = run
    this.tempo(undefined)
    onFresh(run)
  }

  /** Runs the machine when the reader has not paused it, the lab is in view, and something is still to happen. */
  steer(visible: boolean): void {
    const run = this.#run
    if (run !== undefined) setRunning(run.machine, !this.paused && visible && run.isActive)
  }

  get canStart(): boolean {
    const run = this.#run
    return run !== undefined && !run.serverLives && run.sessions.server.foreground === 'none'
  }

  /** Whether workers live on without a server: they hold its port. */
  get orphansLive(): boolean {
    const run = this.#run
    return run !== undefined && !run.serverLives && run.picture.slots.some(isTaken)
  }

  /** Handles the Start button. */
  start(): void {
    const run = this.#run
    if (run === undefined || !this.canStart) return
    const { scenario } = this.#options
    this.#pausedBy = undefined
    run.sessions.server.enter(scenario.start)
    run.desk.apply({ type: 'clients', on: scenario.zoom.clients ?? true })
  }

  /** The reader pauses or resumes. */
  toggle(): void {
    this.#pausedBy = this.paused ? undefined : 'reader'
  }

  /** Pauses for a verdict or for looking back, or resumes. */
  pause(paused: boolean): void {
    if (!paused) this.#pausedBy = undefined
    else this.#pausedBy ??= 'page'
  }

  /** Something is done to the machine: time goes on, unless the reader has paused it. */
  goOn(): void {
    if (!this.pausedByReader) this.#pausedBy = undefined
  }

  /** Pauses, and runs to the next traced event, but no further than `LONGEST_STEP`. */
  async step(): Promise<void> {
    const machine = this.#run?.machine
    if (machine === undefined) return
    this.#pausedBy = 'reader'
    await stepToNextEvent(machine, LONGEST_STEP)
  }

  /** Plays the steps of one of the lab's own buttons. */
  control(steps: readonly Step[]): void {
    this.#run?.play(steps, 0, () => undefined)
  }

  /** Ends the machine; no other follows. */
  end(): void {
    this.#ended = true
    this.#asked += 1
    void this.#run?.dispose()
    this.#run = undefined
  }
}
