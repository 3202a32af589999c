import { createMachine, type BrowserMachine, type Language } from '../../simulator/host/browser/index.ts'
import type { Input, SessionData, TimedInput } from '../../simulator/scenario/session/index.ts'
import { Desk, Recorder, replay } from '../../simulator/shell/desk/index.ts'
import type { Hint } from '../../simulator/shell/session.ts'
import type { ShellWords } from '../../simulator/shell/words.ts'
import { Measures } from './figures/measures.ts'
import { History } from './history.ts'

/** What a live session tells of itself. */
export interface LiveListener {
  readonly onChange: () => void
  readonly onScreen: (terminal: string, text: string) => void
  readonly onHint: (terminal: string, hint: Hint) => void
}

export interface LiveOptions extends LiveListener {
  readonly words: ShellWords
  readonly completions: Readonly<Record<string, readonly string[]>>
  readonly language: Language
  readonly drawsLine: boolean
}

/** A session that is going on: a machine, the desk before it, what was done so far, and all that was seen. */
export class Live {
  readonly machine: BrowserMachine
  readonly desk: Desk
  readonly recorder: Recorder
  readonly history = new History()
  readonly measures = new Measures()
  readonly #start: SessionData

  private constructor(start: SessionData, machine: BrowserMachine, options: LiveOptions) {
    this.#start = start
    this.machine = machine
    const { kernel, pace } = machine
    const { words, completions, drawsLine, onScreen, onHint, onChange } = options
    this.desk = new Desk(kernel, start, { words, completions, drawsLine, onScreen, onHint, onLine: onChange })
    this.recorder = new Recorder(this.desk, (run) => pace.act(run), start.inputs)
    kernel.subscribe((event) => {
      this.history.take(event)
      this.measures.take(event)
      this.desk.take(event)
      onChange()
    })
    // The trace begins with what the machine is made of.
    kernel.setHardware({})
  }

  /** Switches a machine on and plays what was done on it. A paused machine comes back, as far as `start.until`. */
  static async open(start: SessionData, options: LiveOptions): Promise<Live> {
    const { machine: settings, files } = start
    const machine = await createMachine({
      sharesFrames: true,
      seed: settings.seed,
      files,
      hardware: { cores: settings.cores, memory: settings.memory, swap: settings.swap ?? 0 },
      versions: settings.versions,
      language: options.language,
      onPace: options.onChange,
    })
    return new Live(start, machine, options)
  }

  /** Plays the inputs that it was opened with. */
  async catchUp(): Promise<void> {
    const { kernel, pace } = this.machine
    const played = { get now() { return kernel.now }, runUntil: (until: number) => pace.runUntil(until) } // prettier-ignore
    await replay(played, this.desk, this.#start.inputs, this.#start.until)
  }

  get now(): number {
    return this.machine.kernel.now
  }

  /** All of it, to be kept, sent, or played again: up to now, or up to an earlier moment. */
  data(until = Math.ceil(this.now)): SessionData {
    const inputs = this.recorder.inputs.filter(({ at }) => at <= until)
    return { ...this.#start, inputs, until }
  }

  /** The last thing that was done, other than opening a terminal or giving it a size. */
  get last(): { readonly input: TimedInput; readonly index: number } | undefined {
    const { inputs } = this.recorder
    const index = inputs.findLastIndex(({ type }) => type !== 'open' && type !== 'resize')
    const input = inputs[index]
    return input === undefined ? undefined : { input, index }
  }

  /** The session without the last thing that was done, at the moment before it. */
  undone(): SessionData | undefined {
    const { last } = this
    if (last === undefined) return undefined
    return { ...this.#start, inputs: this.recorder.inputs.slice(0, last.index), until: last.input.at }
  }

  /** How much was done, other than opening terminals and giving them a size. */
  get done(): number {
    return this.recorder.inputs.filter(({ type }) => type !== 'open' && type !== 'resize').length
  }

  /** The size that a terminal has, or will have when all that waits has been done. */
  size(terminal: string): { readonly columns: number; readonly rows?: number } | undefined {
    const sized = this.recorder.inputs.findLast(
      (input) => (input.type === 'open' || input.type === 'resize') && input.terminal === terminal,
    )
    return sized !== undefined && 'columns' in sized ? sized : undefined
  }

  do(input: Input): void {
    this.recorder.do(input)
  }

  /** Whether a server is up, or coming up. */
  get serverLives(): boolean {
    const { server } = this.history.picture
    return server !== undefined && server.until === undefined
  }

  /** Whether time has anything to bring; a machine at rest costs nothing. */
  get isActive(): boolean {
    return this.serverLives || this.machine.kernel.nextAt() !== undefined
  }

  dispose(): Promise<void> {
    return this.machine.dispose()
  }
}
