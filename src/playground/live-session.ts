import { createMachine, type BrowserMachine, type Language } from '../../simulator/host/browser/index.ts'
import type { Runtime } from '../../simulator/machine/runtime.ts'
import type { SessionInput, SessionData, TimedInput } from '../../simulator/scenario/session/index.ts'
import { Recorder, replay } from '../../simulator/shell/desk/index.ts'
import { machineShell } from '../../simulator/shell/machine-shell.ts'
import type { Hint } from '../../simulator/shell/session.ts'
import type { ShellWords } from '../../simulator/shell/words.ts'
import { Measures } from '../machine-view/figures/measures.ts'
import { History } from '../machine-view/history.ts'
import { LiveMachine } from '../simulated-machine/live-machine.ts'

export interface LiveSessionOptions {
  readonly words: ShellWords
  readonly completions: Readonly<Record<string, readonly string[]>>
  readonly language: Language
  readonly drawsLine: boolean
  readonly onChange: () => void
  readonly onScreen: (terminal: string, text: string) => void
  readonly onHint: (terminal: string, hint: Hint) => void
}

/** A session in progress: a machine, the inputs it got so far, and its history. */
export class LiveSession extends LiveMachine<History> {
  readonly recorder: Recorder
  readonly measures: Measures
  readonly #start: SessionData

  private constructor(start: SessionData, machine: BrowserMachine, options: LiveSessionOptions) {
    const measures = new Measures()
    super(machine, start, { ...options, view: new History(), sinks: [measures] })
    this.#start = start
    this.measures = measures
    const { kernel, pace } = machine
    this.recorder = new Recorder(this.desk, (run) => pace.atNextMillisecond(run), start.inputs)
    // The first event of the trace tells the hardware.
    kernel.setHardware({})
  }

  /** Creates the machine of a session. `catchUp` then replays its inputs. */
  static async open(start: SessionData, options: LiveSessionOptions): Promise<LiveSession> {
    const { machine: settings, files, runtime } = start
    const machine = await createMachine({
      sharesFrames: true,
      seed: settings.seed,
      files,
      interpreter: machineShell(options.words),
      ...(runtime === undefined ? {} : { runtime }),
      hardware: { cores: settings.cores, memory: settings.memory, swap: settings.swap ?? 0 },
      versions: settings.versions,
      language: options.language,
      onPace: options.onChange,
    })
    return new LiveSession(start, machine, options)
  }

  /** Replays the inputs that it was opened with, up to `start.until`. */
  async catchUp(): Promise<void> {
    const { kernel, pace } = this.machine
    const played = { get now() { return kernel.now }, runUntil: (until: number) => pace.runUntil(until) } // prettier-ignore
    await replay(played, this.desk, this.#start.inputs, this.#start.until)
  }

  /** The runtime of the application. */
  get runtime(): Runtime {
    return this.#start.runtime ?? 'javascript'
  }

  /** The session as data, to be stored, shared or replayed: up to now, or up to an earlier moment. */
  data(until = Math.ceil(this.now)): SessionData {
    const inputs = this.recorder.inputs.filter(({ at }) => at <= until)
    return { ...this.#start, inputs, until }
  }

  /** The last input, other than opening or resizing a terminal. */
  get last(): { readonly input: TimedInput; readonly index: number } | undefined {
    const { inputs } = this.recorder
    const index = inputs.findLastIndex(({ type }) => type !== 'open' && type !== 'resize')
    const input = inputs[index]
    return input === undefined ? undefined : { input, index }
  }

  /** The session without its last input, up to that moment. */
  undone(): SessionData | undefined {
    const { last } = this
    if (last === undefined) return undefined
    return { ...this.#start, inputs: this.recorder.inputs.slice(0, last.index), until: last.input.at }
  }

  /** How many inputs there are, other than opening and resizing terminals. */
  get done(): number {
    return this.recorder.inputs.filter(({ type }) => type !== 'open' && type !== 'resize').length
  }

  /** The size of a terminal, once all queued inputs have been applied. */
  size(terminal: string): { readonly columns: number; readonly rows?: number } | undefined {
    const sized = this.recorder.inputs.findLast(
      (input) => (input.type === 'open' || input.type === 'resize') && input.terminal === terminal,
    )
    return sized !== undefined && 'columns' in sized ? sized : undefined
  }

  do(input: SessionInput): void {
    this.recorder.do(input)
  }
}
