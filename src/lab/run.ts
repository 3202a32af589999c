import { createMachine, type BrowserMachine } from '../../simulator/host/browser/index.ts'
import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { Clients } from '../../simulator/machine/clients/clients.ts'
import { EMPTY, fold, type Picture } from '../../simulator/machine/view/index.ts'
import { TERMINALS, type Scenario, type TerminalName } from '../../simulator/scenario/index.ts'
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
  readonly #listener: RunListener
  #port: number | undefined

  private constructor(
    scenario: Scenario,
    machine: BrowserMachine,
    words: LabWords,
    columns: number,
    listener: RunListener,
  ) {
    this.machine = machine
    this.#listener = listener
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
    this.clients = new Clients(kernel, scenario.clients, scenario.seed, () => this.#port)
    kernel.subscribe((event) => this.#take(event))
    for (const terminal of TERMINALS) this.sessions[terminal].start()
  }

  static async start(
    scenario: Scenario,
    words: LabWords,
    columns: number,
    listener: RunListener,
  ): Promise<Run> {
    const { seed, files } = scenario
    return new Run(
      scenario,
      await createMachine({ seed, files, onPace: listener.onChange }),
      words,
      columns,
      listener,
    )
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
