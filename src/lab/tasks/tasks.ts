import {
  HINTS,
  settled,
  type Checkpoint,
  type Prediction,
  type Scenario,
} from '../../../simulator/scenario/index.ts'
import { isDone, markDone } from '../../progress/index.ts'
import type { Run } from '../run.ts'

/** What the lab does for its tasks. */
export interface TaskHost {
  readonly scenario: Scenario
  readonly run: () => Run | undefined
  /** Sets the machine up afresh. */
  readonly fresh: (seed: number) => Promise<Run | undefined>
  /** How fast time goes; nothing: as the reader had it. */
  readonly speed: (speed: number | undefined) => void
  /** Lets the machine stand still, so that its picture can be looked at. */
  readonly pause: () => void
  readonly changed: () => void
}

export type Task =
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }

/** Where a question stands. */
export type Stage =
  | { readonly at: 'asked' }
  | { readonly at: 'running' }
  /** One run of several is over. */
  | { readonly at: 'between' }
  | { readonly at: 'settled'; readonly answer: string }

/** A lab's questions and checkpoints: which one is open, and how far the reader is with it. */
export class Tasks {
  readonly all: readonly Task[]
  readonly #host: TaskHost
  readonly #chosen = new Map<string, string>()
  readonly #stages = new Map<string, Stage>()
  readonly #hints = new Map<string, number>()
  readonly #runs: { trace: Run['machine']['kernel']['trace']; now: number }[] = []
  /** The task whose steps are being played. */
  #playing: string | undefined
  #stop: () => void = () => undefined
  #open: string | undefined
  #notice = ''

  constructor(host: TaskHost) {
    this.#host = host
    const { predictions, checkpoints } = host.scenario
    this.all = [
      ...predictions.map((prediction) => ({ kind: 'prediction', prediction }) as const),
      ...checkpoints.map((checkpoint) => ({ kind: 'checkpoint', checkpoint }) as const),
    ]
    this.#open = this.all[0] && idOf(this.all[0])
  }

  get open(): Task | undefined {
    return this.all.find((task) => idOf(task) === this.#open)
  }

  /** What came of the last file that was taken in. */
  get notice(): string {
    return this.#notice
  }

  set notice(text: string) {
    this.#notice = text
    this.#host.changed()
  }

  show(id: string): void {
    if (!this.all.some((task) => idOf(task) === id)) return
    this.#open = id
    this.#host.changed()
  }

  isDone(id: string): boolean {
    return isDone(`${this.#host.scenario.id}/${id}`)
  }

  get done(): number {
    return this.all.filter((task) => this.isDone(idOf(task))).length
  }

  /** Whether the steps of a task are being played on the machine. */
  get playing(): boolean {
    return this.#playing !== undefined
  }

  isPlaying(id: string): boolean {
    return this.#playing === id
  }

  chosen(id: string): string | undefined {
    return this.#chosen.get(id)
  }

  choose(id: string, choice: string): void {
    if (this.stage(id).at !== 'asked') return
    this.#chosen.set(id, choice)
    this.#host.changed()
  }

  stage(id: string): Stage {
    return this.#stages.get(id) ?? { at: 'asked' }
  }

  /** Which of a question's runs is next, from 0. */
  get runsMade(): number {
    return this.#runs.length
  }

  /** Lets the machine settle a question: the first run, or the next. */
  async settle(prediction: Prediction): Promise<void> {
    const { id, steps, settle, speed, seeds = [this.#host.scenario.seed] } = prediction
    if (this.stage(id).at === 'asked') this.#runs.length = 0
    const seed = seeds[this.#runs.length] ?? this.#host.scenario.seed
    const run = await this.#begin(id, seed, speed)
    if (run === undefined) return
    this.#stages.set(id, { at: 'running' })
    this.#stop = run.play(steps, settle, () => {
      const { kernel } = run.machine
      this.#runs.push({ trace: [...kernel.trace], now: kernel.now })
      if (this.#runs.length < seeds.length) this.#stages.set(id, { at: 'between' })
      else this.#settled(prediction)
      this.#host.pause()
      this.#over()
    })
    this.#host.changed()
  }

  #settled(prediction: Prediction): void {
    const answer = settled(prediction, this.#runs)[0]?.id ?? ''
    this.#stages.set(prediction.id, { at: 'settled', answer })
    markDone(`${this.#host.scenario.id}/${prediction.id}`)
  }

  /** Asks again. */
  again(id: string): void {
    this.#stages.delete(id)
    this.#chosen.delete(id)
    this.#host.changed()
  }

  /** How many hints of a checkpoint are open. */
  hints(id: string): number {
    return this.#hints.get(id) ?? 0
  }

  hint(id: string): void {
    this.#hints.set(id, Math.min(HINTS, this.hints(id) + 1))
    this.#host.changed()
  }

  /** Shows a checkpoint's solution on a fresh machine. It does not count as the reader's own. */
  async watch({ id, solution }: Checkpoint): Promise<void> {
    const run = await this.#begin(id, this.#host.scenario.seed, undefined)
    if (run === undefined) return
    this.#stop = run.play(solution, 0, () => this.#over())
    this.#host.changed()
  }

  async #begin(id: string, seed: number, speed: number | undefined): Promise<Run | undefined> {
    const run = await this.#host.fresh(seed)
    if (run === undefined) return undefined
    this.#playing = id
    run.byHand = false
    this.#host.speed(speed)
    return run
  }

  #over(): void {
    this.#playing = undefined
    this.#host.speed(undefined)
    this.#host.changed()
  }

  /** The machine was set up afresh: what was being played is over. */
  interrupted(): void {
    this.#stop()
    if (this.#playing !== undefined && this.stage(this.#playing).at === 'running') {
      this.#stages.delete(this.#playing)
    }
    this.#playing = undefined
    this.#host.speed(undefined)
  }

  /** Whether a checkpoint's goal is reached on the machine as it is. */
  reached(checkpoint: Checkpoint): boolean {
    return this.#host.run()?.reached(checkpoint) ?? false
  }

  /** Looks at the checkpoints; those that the reader has reached are noted. */
  look(): void {
    const run = this.#host.run()
    if (run?.byHand !== true) return
    for (const checkpoint of this.#host.scenario.checkpoints) {
      const name = `${this.#host.scenario.id}/${checkpoint.id}`
      if (!isDone(name) && run.reached(checkpoint)) markDone(name)
    }
  }
}

export function idOf(task: Task): string {
  return task.kind === 'prediction' ? task.prediction.id : task.checkpoint.id
}
