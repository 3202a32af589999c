import type { BrowserMachine, MachineOptions } from '../../simulator/host/browser/index.ts'
import {
  Judge,
  Ledger,
  play,
  type Checkpoint,
  type Condition,
  type StepExecutor,
  type Scenario,
  type Step,
  type TerminalName,
} from '../../simulator/scenario/index.ts'
import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { machineShell } from '../../simulator/shell/machine-shell.ts'
import type { Hint, Session } from '../../simulator/shell/session.ts'
import { History } from '../machine-view/history.ts'
import type { LabWords } from '../machine-view/words.ts'
import { LiveMachine } from '../simulated-machine/live-machine.ts'

/** Callbacks of a run. */
export interface RunListener {
  /** Something happened, or the line being typed changed. */
  readonly onChange: () => void
  /** Called with text for a terminal, with escape sequences. */
  readonly onScreen: (terminal: TerminalName, text: string) => void
  readonly onHint: (terminal: TerminalName, hint: Hint) => void
}

export interface RunOptions {
  readonly scenario: Scenario
  readonly words: LabWords
  /** Columns of the terminals. */
  readonly columns: number
  readonly seed: number
  readonly listener: RunListener
  readonly make: (options: MachineOptions) => Promise<BrowserMachine>
}

/** One run of a scenario: a machine with two terminals, and the judges of its checkpoints. */
export class LabRun extends LiveMachine<History> {
  readonly sessions: Readonly<Record<TerminalName, Session>>
  /** Whether the reader alone has used this machine: no steps of a question or a solution have been played on it. */
  byHand = true
  /** Counts of requests and processes. */
  readonly ledger: Ledger
  readonly #judges: ReadonlyMap<string, Judge>
  /** The length of the trace when the set-up was done. */
  readonly #begun: number
  /** The plays in progress: between two steps nothing else may be scheduled. */
  readonly #playing = new Set<object>()

  private constructor(
    { scenario, words, columns, listener }: RunOptions,
    settings: Pick<SessionData, 'machine' | 'clients'>,
    machine: BrowserMachine,
  ) {
    const ledger = new Ledger()
    const judges = new Map(scenario.checkpoints.map(({ id, goal }) => [id, new Judge(goal, ledger)]))
    super(machine, settings, {
      view: new History(),
      sinks: [ledger, ...judges.values()],
      words: words.shell,
      completions: scenario.completions,
      onChange: listener.onChange,
      onScreen: (terminal, text) => isTerminal(terminal) && listener.onScreen(terminal, text),
      onHint: (terminal, hint) => isTerminal(terminal) && listener.onHint(terminal, hint),
    })
    this.ledger = ledger
    this.#judges = judges
    this.sessions = { server: this.#open('server', columns), client: this.#open('client', columns) }
    play(scenario.setup ?? [], this.#operator, this.ledger)
    this.#begun = machine.kernel.recorded
  }

  static async start(options: RunOptions): Promise<LabRun> {
    const { scenario, seed, listener, make } = options
    const { uvicorn, gunicorn, fastapi } = scenario.speaks
    const { connections, lowestPort, ...hardware } = scenario.machine
    const versions = { uvicorn: uvicorn.version, gunicorn: gunicorn.version, fastapi: fastapi.version }
    const machine = await make({
      seed,
      files: scenario.files,
      interpreter: machineShell(options.words.shell),
      hardware,
      ...(connections === undefined ? {} : { connections }),
      ...(lowestPort === undefined ? {} : { lowestPort }),
      versions,
      onPace: listener.onChange,
    })
    const settings = { machine: { ...hardware, seed, versions }, clients: scenario.clients }
    return new LabRun(options, settings, machine)
  }

  #open(terminal: TerminalName, columns: number): Session {
    this.desk.apply({ type: 'open', terminal, columns })
    const session = this.desk.terminals.get(terminal)
    if (session === undefined) throw new Error(`Expected the desk to have opened the terminal ${terminal}.`)
    return session
  }

  /** Whether a checkpoint's goal is reached now. */
  reached({ id }: Checkpoint): boolean {
    return this.#judges.get(id)?.reached(this.machine.kernel.now) ?? false
  }

  /** The present states of a checkpoint's conditions. */
  conditions({ id }: Checkpoint): readonly Condition[] {
    return this.#judges.get(id)?.conditions(this.machine.kernel.now) ?? []
  }

  /** Whether no action and no event has changed the machine since it was set up. */
  get isUntouched(): boolean {
    return this.byHand && this.machine.kernel.recorded === this.#begun
  }

  /**
   * Plays steps, each at its virtual time. Calls `done` this many virtual ms after the last one, and `onWait` at the beginning of each
   * wait, with its virtual ms. Returns a function that stops it.
   */
  play(
    steps: readonly Step[],
    settle: number,
    done: () => void,
    onWait: (ms: number) => void = () => undefined,
  ): () => void {
    const played = {}
    this.#playing.add(played)
    const after = (): void => {
      if (!this.#playing.has(played)) return
      onWait(settle)
      this.machine.kernel.after(settle, () => {
        if (this.#playing.delete(played)) done()
      })
    }
    const stop = play(steps, this.#operator, this.ledger, after, onWait)
    return () => {
      this.#playing.delete(played)
      stop()
    }
  }

  get #operator(): StepExecutor {
    const { desk } = this
    return {
      system: this.machine.kernel,
      get port() {
        return desk.port
      },
      type: (terminal, text) => void this.sessions[terminal].enter(text),
      interrupt: (terminal) => this.sessions[terminal].key({ key: 'interrupt' }),
      clients: (on) => desk.apply({ type: 'clients', on }),
    }
  }

  /** Steps that will still be played count, too. */
  override get isActive(): boolean {
    return this.#playing.size > 0 || super.isActive
  }

  resize(terminal: TerminalName, columns: number): void {
    this.desk.apply({ type: 'resize', terminal, columns })
  }
}

function isTerminal(name: string): name is TerminalName {
  return name === 'server' || name === 'client'
}
