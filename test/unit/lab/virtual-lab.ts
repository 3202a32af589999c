import english from '../../../content/lab/en.json' with { type: 'json' }
import type { BrowserMachine, MachineOptions } from '../../../simulator/host/browser/index.ts'
import { Pace } from '../../../simulator/host/browser/pace.ts'
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import type { Checkpoint, Prediction, Scenario, Step } from '../../../simulator/scenario/index.ts'
import { LabMachine } from '../../../src/lab/lab-machine.ts'
import type { LabRun } from '../../../src/lab/run.ts'
import { idOf, Tasks, type Task } from '../../../src/lab/tasks/tasks.ts'
import { application } from '../scenario/application.ts'

/** The page checks the checkpoints in every frame; here they are checked at this interval, in virtual ms. */
const LOOK = 50

/** The page's machine, its processes in this thread instead of Web Workers. */
function virtualMachine(options: MachineOptions): Promise<BrowserMachine> {
  const kernel = new Kernel({ ...options, factory: application })
  const pace = new Pace(kernel, options.onPace)
  return Promise.resolve({ kernel, pace, workers: 0, onFault: undefined, dispose: () => pace.dispose() })
}

/** A lab without its page: the machine and tasks of `<sw-lab>`, on virtual machines. */
export class VirtualLab {
  readonly done = new Set<string>()
  readonly labMachine: LabMachine
  readonly tasks: Tasks
  readonly scenario: Scenario

  private constructor(scenario: Scenario) {
    this.scenario = scenario
    const labMachine = new LabMachine({
      scenario,
      words: english,
      make: virtualMachine,
      columns: () => 80,
      listener: {
        onChange: () => undefined,
        onScreen: () => undefined,
        onHint: () => undefined,
      },
      onGone: () => this.tasks.interrupted(),
      onFresh: () => undefined,
    })
    this.labMachine = labMachine
    this.tasks = new Tasks({
      scenario,
      run: () => labMachine.run,
      fresh: (seed) => labMachine.fresh(seed),
      tempo: (speed) => labMachine.tempo(speed),
      skip: (ms) => labMachine.skip(ms),
      pause: () => labMachine.pause(true),
      changed: () => undefined,
      kept: { isDone: (task) => this.done.has(task), markDone: (task) => this.done.add(task) },
    })
  }

  static async open(scenario: Scenario): Promise<VirtualLab> {
    const lab = new VirtualLab(scenario)
    await lab.labMachine.fresh()
    return lab
  }

  get run(): LabRun {
    const { run } = this.labMachine
    if (run === undefined) throw new Error('there is no machine')
    return run
  }

  /** Lets this many virtual ms pass, checking the checkpoints meanwhile. */
  async pass(ms: number): Promise<void> {
    const { kernel, pace } = this.run.machine
    for (const end = kernel.now + ms; kernel.now < end;) {
      await pace.runUntil(Math.min(end, kernel.now + LOOK))
      this.tasks.look()
    }
  }

  /** Answers a question and runs the machine. @returns its verdict */
  async answer(prediction: Prediction, choice: string): Promise<string | undefined> {
    const { id, steps, settle, seeds = [0] } = prediction
    this.tasks.choose(id, choice)
    for (const _ of seeds) {
      await this.tasks.settle(prediction)
      await this.pass(length(steps) + settle + LOOK)
    }
    const stage = this.tasks.stage(id)
    return stage.at === 'settled' ? stage.answer : undefined
  }

  /** Lets a checkpoint's solution be shown. */
  async watch(checkpoint: Checkpoint): Promise<void> {
    await this.tasks.watch(checkpoint)
    await this.pass(length(checkpoint.solution) + LOOK)
  }

  /** Does a checkpoint's solution, as a reader does it. */
  async solve({ solution }: Checkpoint): Promise<void> {
    await this.do(solution)
  }

  /** Does what a reader does. */
  async do(steps: readonly Step[], settle = LOOK): Promise<void> {
    this.run.play(steps, 0, () => undefined)
    await this.pass(length(steps) + settle)
  }

  /** Completes a task: a question is answered, the solution of a checkpoint is watched. */
  async finish(task: Task): Promise<void> {
    if (this.tasks.open !== task) await this.tasks.show(idOf(task))
    if (task.kind === 'checkpoint') await this.watch(task.checkpoint)
    else await this.answer(task.prediction, task.prediction.choices[0]?.id ?? '')
  }
}

const length = (steps: readonly Step[]): number => steps.reduce((sum, { after }) => sum + after, 0)
