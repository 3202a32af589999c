import type { LogRecord } from '../../manager/log.ts'
import type { TerminalSize } from '../../machine/system.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { MainThreads } from './main-threads.ts'
import type { Output } from './output.ts'
import type { Process } from './process.ts'
import type { Signals } from './signals.ts'

/** How long a query waits for the terminal's answer, in ms. */
const PATIENCE = 1000

/** How a terminal shows the keys that send signals. */
const SHOWN = { INT: '^C', TSTP: '^Z', QUIT: '^\\' } as const

interface Question {
  readonly process: Process
  readonly record: LogRecord
  readonly answered: () => void
}

interface Dependencies {
  readonly clock: Clock
  readonly chance: Chance
  readonly threads: MainThreads
  readonly output: Output
  readonly signals: Signals
}

/** The terminals of the machine: their sizes, and the queries that processes send them. */
export class Terminals {
  readonly #parts: Dependencies
  readonly #sizes = new Map<string, TerminalSize>()
  /** The queries to each terminal: the first one is being answered, the others wait. */
  readonly #questions = new Map<string, Question[]>()

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  size(terminal: string | undefined): TerminalSize | undefined {
    return terminal === undefined ? undefined : this.#sizes.get(terminal)
  }

  /**
   * Opens a terminal, or resizes it; when its width changes, the foreground job gets SIGWINCH. Its height follows the page's layout, which
   * is not an action of the reader.
   */
  set(terminal: string, size: TerminalSize): void {
    const before = this.#sizes.get(terminal)
    this.#sizes.set(terminal, size)
    if (before !== undefined && before.columns !== size.columns)
      this.#parts.signals.toForeground(terminal, 'WINCH')
  }

  /** Ctrl+C, Ctrl+Z or Ctrl+\\: the terminal shows it, and its foreground job gets the signal. */
  press(terminal: string, signal: 'INT' | 'TSTP' | 'QUIT'): void {
    this.#parts.output.show(terminal, SHOWN[signal])
    this.#parts.signals.toForeground(terminal, signal)
  }

  /** A process queries its terminal; `answered` is called when it has answered, or after a second. */
  ask(process: Process, record: LogRecord, answered: () => void): void {
    const { clock, threads } = this.#parts
    const { terminal } = process
    if (terminal === undefined || this.size(terminal) === undefined || process.streams.stdout !== undefined) {
      clock.after(0, () => threads.deliver(process, answered))
      return
    }
    const waiting = this.#questions.get(terminal) ?? []
    this.#questions.set(terminal, waiting)
    waiting.push({ process, record, answered })
    if (waiting.length === 1) this.#put(terminal)
  }

  #put(terminal: string): void {
    const { chance, clock, output, threads } = this.#parts
    const question = this.#questions.get(terminal)?.[0]
    if (question === undefined) return
    if (!question.process.alive) return this.#next(terminal)
    output.log(question.process, question.record)
    const answers = this.size(terminal)?.answers !== false
    clock.after(answers ? chance.within([0.2, 2]) : PATIENCE, async () => {
      await threads.deliver(question.process, question.answered)
      this.#next(terminal)
    })
  }

  #next(terminal: string): void {
    this.#questions.get(terminal)?.shift()
    this.#put(terminal)
  }
}
