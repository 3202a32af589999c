import { createMachine, type BrowserMachine } from '../../simulator/host/browser/index.ts'
import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { Clients } from '../../simulator/machine/clients/clients.ts'
import { EMPTY, fold, type Picture } from '../../simulator/machine/view/index.ts'
import {
  Judge,
  Ledger,
  play,
  TERMINALS,
  type Checkpoint,
  type Hands,
  type Scenario,
  type Step,
  type TerminalName,
} from '../../simulator/scenario/index.ts'
import { Session, type Hint } from '../../simulator/shell/session.ts'
import type { LabWords } from './words.ts'

/** What a run tells of itself. */
export interface RunListener {
  /** Something happened: the picture is another. */
  readonly onChange: () => void
  /** What is to be shown in a terminal, with escapes. */
  readonly onScreen: (terminal: TerminalName, text: string) => void
  /** The line being typed changed. */
  readonly onLine: (terminal: TerminalName) => void
  readonly onHint: (terminal: TerminalName, hint: Hint) => void
}

/** One run of a scenario: a machine, its two terminals, its clients, and the picture folded from its trace. */
export class Run {
  readonly machine: BrowserMachine
  readonly sessions: Readonly<Record<TerminalName, Session>>
  readonly clients: Clients
  picture: Picture = EMPTY
  /** Whether all that was done to the machine was done by the reader, rather than by steps that are played. */
  byHand = true
  /** Books of the log. */
  readonly ledger = new Ledger()
  readonly #judges: ReadonlyMap<string, Judge>
  readonly #listener: RunListener
  #port: number | undefined

  private constructor(
    scenario: Scenario,
    machine: BrowserMachine,
    words: LabWords,
    columns: number,
    seed: number,
    listener: RunListener,
  ) {
    this.machine = machine
    this.#listener = listener
    this.#judges = new Map(scenario.checkpoints.map(({ id, goal }) => [id, new Judge(goal, this.ledger)]))
    const { kernel } = machine
    const session = (terminal: TerminalName): Session => {
      kernel.openTerminal(terminal, { columns, colors: 'truecolor' })
      return new Session({
        system: kernel,
        terminal,
        words: words.shell,
        speaks: scenario.speaks,
        columns,
        colors: true,
        completions: scenario.completions,
        screen: (text) => listener.onScreen(terminal, text),
        onChange: () => listener.onLine(terminal),
        onHint: (hint) => listener.onHint(terminal, hint),
      })
    }
    this.sessions = { server: session('server'), client: session('client') }
    this.clients = new Clients(kernel, scenario.clients, seed, () =>
      this.#port === undefined ? undefined : { host: '127.0.0.1', port: this.#port },
    )
    kernel.subscribe((event) => this.#take(event))
    for (const terminal of TERMINALS) this.sessions[terminal].start()
    play(scenario.setup ?? [], this.#hands, this.ledger)
  }

  static async start(
    scenario: Scenario,
    words: LabWords,
    columns: number,
    seed: number,
    listener: RunListener,
  ): Promise<Run> {
    const { uvicorn, gunicorn, fastapi } = scenario.speaks
    const { connections, ...hardware } = scenario.machine
    const machine = await createMachine({
      seed,
      files: scenario.files,
      hardware,
      ...(connections === undefined ? {} : { connections }),
      versions: { uvicorn: uvicorn.version, gunicorn: gunicorn.version, fastapi: fastapi.version },
      onPace: listener.onChange,
    })
    return new Run(scenario, machine, words, columns, seed, listener)
  }

  /** Whether a checkpoint's goal is reached now. */
  reached({ id }: Checkpoint): boolean {
    return this.#judges.get(id)?.reached(this.machine.kernel.now) ?? false
  }

  /** Does steps, each at its virtual time; `done` is called so many virtual ms after the last. The answer ends it. */
  play(steps: readonly Step[], settle: number, done: () => void): () => void {
    let stopped = false
    const stop = play(steps, this.#hands, this.ledger, () =>
      this.machine.kernel.after(settle, () => {
        if (!stopped) done()
      }),
    )
    return () => {
      stopped = true
      stop()
    }
  }

  get #hands(): Hands {
    const { kernel } = this.machine
    const port = (): number | undefined => this.#port
    return {
      system: kernel,
      get port() {
        return port()
      },
      type: (terminal, text) => void this.sessions[terminal].enter(text),
      interrupt: (terminal) => this.sessions[terminal].key({ key: 'interrupt' }),
      clients: (on) => {
        this.clients.on = on
      },
    }
  }

  /** Whether a server is up, or coming up. */
  get serverLives(): boolean {
    return this.picture.server !== undefined && this.picture.server.until === undefined
  }

  /** Whether time has anything to bring; a machine at rest costs nothing. */
  get isActive(): boolean {
    return this.serverLives || this.machine.kernel.nextAt() !== undefined
  }

  resize(terminal: TerminalName, columns: number): void {
    this.machine.kernel.resizeTerminal(terminal, { columns, colors: 'truecolor' })
    this.sessions[terminal].resize(columns)
  }

  dispose(): Promise<void> {
    return this.machine.dispose()
  }

  #take(event: TraceEvent): void {
    this.picture = fold(this.picture, event)
    this.ledger.take(event)
    for (const judge of this.#judges.values()) judge.take(event)
    if (event.type === 'listening' && event.bind.kind === 'tcp') this.#port = event.bind.port
    if ((event.type === 'output' || event.type === 'echo') && isTerminal(event.terminal)) {
      this.sessions[event.terminal].print(event.text)
    }
    this.#listener.onChange()
  }
}

function isTerminal(name: string | undefined): name is TerminalName {
  return name === 'server' || name === 'client'
}
