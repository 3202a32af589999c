import type { Speed } from '../../../simulator/machine/speed.ts'
import {
  HINTS,
  rightChoices,
  type Checkpoint,
  type Condition,
  type Prediction,
  type Scenario,
} from '../../../simulator/scenario/index.ts'
import type { LabRun } from '../run.ts'
import { ConditionAnnouncer } from './condition-announcer.ts'
import { tempo, type Tempo } from './tempo.ts'

/** What tasks need from the lab. */
export interface TaskHost {
  readonly scenario: Scenario
  /** The ids of the tasks in the order of the text; other tasks come after these. */
  readonly order?: readonly string[]
  readonly run: () => LabRun | undefined
  /** Sets up a fresh machine; `undefined` when another one was requested meanwhile. */
  readonly fresh: (seed: number) => Promise<LabRun | undefined>
  /** Sets the speed; `undefined`: the reader's own. */
  readonly tempo: (speed: Speed | undefined) => void
  /** Skips this many virtual ms at once. */
  readonly skip: (ms: number) => void
  /** Pauses the machine, so that its picture can be studied. */
  readonly pause: () => void
  readonly changed: () => void
  /** The tasks that the reader has done, by `chapter/task`. */
  readonly kept: { readonly isDone: (task: string) => boolean; readonly markDone: (task: string) => void }
}

export type Task =
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }

/** The state of a question. */
export type QuestionState =
  | { readonly at: 'asked' }
  | { readonly at: 'running' }
  /** One of several runs is done. */
  | { readonly at: 'between' }
  | { readonly at: 'settled'; readonly answer: string }

/** A message, or `setUp`: the machine was replaced for the task. */
export type TaskNotice = { readonly text: string } | 'setUp'

/**
 * The state of a checkpoint on the present machine: its solution is being played; a solution has been played, so that nothing counts here
 * any more; the reader has reached it; it can no longer be reached here; it can still be reached.
 */
export type CheckpointState = 'playing' | 'shown' | 'reached' | 'lost' | 'open'

/** A lab's questions and checkpoints: which one is open, and how far the reader is with it. */
export class Tasks {
  readonly all: readonly Task[]
  readonly #host: TaskHost
  readonly #news: ConditionAnnouncer
  readonly #chosen = new Map<string, string>()
  readonly #stages = new Map<string, QuestionState>()
  readonly #hints = new Map<string, number>()
  readonly #runs: { trace: LabRun['machine']['kernel']['trace']; now: number }[] = []
  /** The checkpoints that the reader has reached on this machine; later events do not undo that. */
  readonly #reached = new Set<string>()
  /** The task whose steps are being played. */
  #playing: string | undefined
  #stop: () => void = () => undefined
  #open: string | undefined
  #notice: TaskNotice = { text: '' }
  /** The machine on which a question was settled, and when. */
  #settledOn: { readonly run: LabRun; readonly at: number } | undefined

  constructor(host: TaskHost) {
    this.#host = host
    this.#news = new ConditionAnnouncer(() => host.changed())
    const { predictions, checkpoints } = host.scenario
    const { order = [] } = host
    const met = (task: Task): number => (order.indexOf(idOf(task)) + order.length + 1) % (order.length + 1)
    this.all = [
      ...predictions.map((prediction) => ({ kind: 'prediction', prediction }) as const),
      ...checkpoints.map((checkpoint) => ({ kind: 'checkpoint', checkpoint }) as const),
    ].toSorted((one, other) => met(one) - met(other))
    this.#open = this.all[0] && idOf(this.all[0])
  }

  get open(): Task | undefined {
    return this.all.find((task) => idOf(task) === this.#open)
  }

  /** The task after another; nothing after the last. */
  after(id: string): Task | undefined {
    return this.all[this.all.findIndex((task) => idOf(task) === id) + 1]
  }

  /** The tasks that are left once a reader has come to the last one; the task itself is done. */
  left(id: string): readonly Task[] {
    if (this.after(id) !== undefined) return []
    return this.all.filter((task) => idOf(task) !== id && !this.isDone(idOf(task)))
  }

  /** The message about the last import, or about opening a task. */
  get notice(): TaskNotice {
    return this.#notice
  }

  /** Shows a message. */
  say(text: string): void {
    this.#notice = { text }
    this.#host.changed()
  }

  /** Opens a task. It starts on an untouched machine: what was done for another task does not count. */
  async show(id: string): Promise<void> {
    if (id === this.#open || !this.all.some((task) => idOf(task) === id)) return this.#host.changed()
    this.turnTo(id)
    const run = this.#host.run()
    if (run === undefined || run.isUntouched) return
    this.#notice = 'setUp'
    await this.#host.fresh(this.#host.scenario.seed)
    this.#host.changed()
  }

  /** Opens a task without replacing the machine: a question gets a fresh one when it is run. */
  turnTo(id: string): void {
    if (id === this.#open) return
    this.#forgetRuns()
    this.#open = id
    this.#news.forget()
    this.#notice = { text: '' }
    this.#host.changed()
  }

  /** Discards the runs of a question that was left before all of them were made. */
  #forgetRuns(): void {
    this.#runs.length = 0
    for (const [id, { at }] of this.#stages) if (at === 'between') this.#stages.delete(id)
  }

  isDone(id: string): boolean {
    return this.#host.kept.isDone(this.#nameOf(id))
  }

  #nameOf(id: string): string {
    return `${this.#host.scenario.id}/${id}`
  }

  get done(): number {
    return this.all.filter((task) => this.isDone(idOf(task))).length
  }

  /** Whether the steps of a task are being played on the machine. */
  get playing(): boolean {
    return this.#playing !== undefined
  }

  chosen(id: string): string | undefined {
    return this.#chosen.get(id)
  }

  choose(id: string, choice: string): void {
    if (this.stage(id).at !== 'asked') return
    this.turnTo(id)
    this.#chosen.set(id, choice)
    this.#host.changed()
  }

  stage(id: string): QuestionState {
    return this.#stages.get(id) ?? { at: 'asked' }
  }

  /** The index of a question's next run. */
  get runsMade(): number {
    return this.#runs.length
  }

  /** Makes the first or the next run of a question. */
  async settle(prediction: Prediction): Promise<void> {
    const { id, steps, settle, speed, seeds = [this.#host.scenario.seed] } = prediction
    this.turnTo(id)
    if (this.stage(id).at === 'asked') this.#runs.length = 0
    const seed = seeds[this.#runs.length] ?? this.#host.scenario.seed
    const run = await this.#begin(id, seed)
    if (run === undefined) return
    this.#stages.set(id, { at: 'running' })
    const over = (): void => {
      const { kernel } = run.machine
      this.#runs.push({ trace: [...kernel.trace], now: kernel.now })
      if (this.#runs.length < seeds.length) this.#stages.set(id, { at: 'between' })
      else {
        this.#settled(prediction)
        this.#settledOn = { run, at: kernel.now }
      }
      this.#host.pause()
      this.#over()
    }
    this.#stop = run.play(steps, settle, over, this.#passing(tempo('question', steps, speed)))
    this.#host.changed()
  }

  #passing(tempo: (wait: number) => Tempo): (wait: number) => void {
    return (wait) => {
      const how = tempo(wait)
      // A pause ends a skip early; the rest of it is played fast.
      this.#host.tempo(how === 'skip' ? 20 : how)
      if (how === 'skip') this.#host.skip(wait)
    }
  }

  #settled(prediction: Prediction): void {
    const answer = rightChoices(prediction, this.#runs)[0]?.id ?? ''
    this.#stages.set(prediction.id, { at: 'settled', answer })
    this.#host.kept.markDone(this.#nameOf(prediction.id))
  }

  /**
   * The question that a run has just answered, with the answer. The caption shows it until time continues or the machine is replaced.
   */
  get verdict(): { readonly id: string; readonly answer: string } | undefined {
    const run = this.#host.run()
    const { open } = this
    if (open?.kind !== 'prediction' || run === undefined || run !== this.#settledOn?.run) return undefined
    const stage = this.stage(open.prediction.id)
    if (stage.at !== 'settled' || run.machine.kernel.now !== this.#settledOn.at) return undefined
    return { id: open.prediction.id, answer: stage.answer }
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

  /** Plays a checkpoint's solution on a fresh machine. It does not count as reached. */
  async watch({ id, solution }: Checkpoint): Promise<void> {
    const run = await this.#begin(id, this.#host.scenario.seed)
    if (run === undefined) return
    this.#stop = run.play(solution, 0, () => this.#over(), this.#passing(tempo('solution', solution)))
    this.#host.changed()
  }

  async #begin(id: string, seed: number): Promise<LabRun | undefined> {
    const run = await this.#host.fresh(seed)
    // Another task may have been opened meanwhile.
    if (run === undefined || this.#open !== id) return undefined
    this.#playing = id
    this.#notice = { text: '' }
    run.byHand = false
    return run
  }

  #over(): void {
    this.#playing = undefined
    this.#host.tempo(undefined)
    this.#host.changed()
  }

  /** The machine is gone: stops what was being played on it, and forgets what was reached on it. */
  interrupted(): void {
    this.#stop()
    if (this.#playing !== undefined && this.stage(this.#playing).at === 'running') {
      this.#stages.delete(this.#playing)
    }
    this.#playing = undefined
    this.#reached.clear()
    this.#news.forget()
  }

  /** The state of a checkpoint on the present machine. */
  standing(checkpoint: Checkpoint): CheckpointState {
    if (this.#playing === checkpoint.id) return 'playing'
    if (this.#host.run()?.byHand === false) return 'shown'
    if (this.#reached.has(checkpoint.id)) return 'reached'
    return this.conditions(checkpoint).some(({ state }) => state === 'lost') ? 'lost' : 'open'
  }

  /** The states of a checkpoint's conditions on the present machine. */
  conditions(checkpoint: Checkpoint): readonly Condition[] {
    const run = this.#host.run()
    const conditions = run?.conditions(checkpoint) ?? []
    // Nothing has been done: that nothing is lost either is no merit yet.
    if (run?.isUntouched === true)
      return conditions.map((condition) =>
        condition.state === 'met' ? { ...condition, state: 'open' } : condition,
      )
    if (!this.#reached.has(checkpoint.id)) return conditions
    return conditions.map(({ id }) => ({ id, state: 'met' }))
  }

  /** The changes of the open checkpoint's conditions, to be announced. */
  get news(): readonly Condition[] {
    return this.#news.current
  }

  /** What the reader is expected to do next in the panel, if anything. */
  get expected(): 'settle' | 'next' | 'fresh' | undefined {
    const { open } = this
    if (open === undefined || this.playing) return undefined
    if (open.kind === 'checkpoint') {
      const standing = this.standing(open.checkpoint)
      return standing === 'reached'
        ? 'next'
        : standing === 'shown' || standing === 'lost'
          ? 'fresh'
          : undefined
    }
    const { id } = open.prediction
    const { at } = this.stage(id)
    if (at === 'settled') return 'next'
    return at === 'between' || this.chosen(id) !== undefined ? 'settle' : undefined
  }

  /** Checks the checkpoints, and records those that the reader has reached. */
  look(): void {
    const run = this.#host.run()
    if (run === undefined) return
    if (run.byHand)
      for (const checkpoint of this.#host.scenario.checkpoints) {
        if (this.#reached.has(checkpoint.id) || !run.reached(checkpoint)) continue
        this.#reached.add(checkpoint.id)
        if (!this.isDone(checkpoint.id)) this.#host.kept.markDone(this.#nameOf(checkpoint.id))
      }
    const { open } = this
    if (open?.kind === 'checkpoint') this.#news.take(this.conditions(open.checkpoint))
  }
}

export function idOf(task: Task): string {
  return task.kind === 'prediction' ? task.prediction.id : task.checkpoint.id
}
