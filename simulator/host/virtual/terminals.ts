import type { LogRecord } from '../../manager/log.ts'
import type { TerminalSize } from '../../machine/system.ts'
import type { Kernel } from './kernel.ts'
import type { Process } from './process.ts'

/** How long a question to the terminal waits for its answer, in ms. */
const PATIENCE = 1000

interface Question {
  readonly process: Process
  readonly record: LogRecord
  readonly answered: () => void
}

/** The terminals of the machine: their sizes, and whose question each is answering. */
export class Terminals {
  readonly #kernel: Kernel
  readonly #sizes = new Map<string, TerminalSize>()
  /** The first is being answered, the others wait: who asks holds a lock on the terminal. */
  readonly #questions = new Map<string, Question[]>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  size(terminal: string | undefined): TerminalSize | undefined {
    return terminal === undefined ? undefined : this.#sizes.get(terminal)
  }

  /** Opens a terminal, or gives it a new size; of that the foreground job is told by SIGWINCH. */
  set(terminal: string, size: TerminalSize): void {
    const before = this.#sizes.get(terminal)
    this.#sizes.set(terminal, size)
    if (before !== undefined && before.columns !== size.columns) {
      this.#kernel.signals.toForeground(terminal, 'WINCH')
    }
  }

  /** A process asks its terminal something and hears when that is answered, or not within a second. */
  ask(process: Process, record: LogRecord, answered: () => void): void {
    const { terminal } = process
    if (terminal === undefined || this.size(terminal) === undefined || process.streams.stdout !== undefined) {
      this.#kernel.schedule(this.#kernel.now, () => this.#kernel.threads.deliver(process, answered))
      return
    }
    const waiting = this.#questions.get(terminal) ?? []
    this.#questions.set(terminal, waiting)
    waiting.push({ process, record, answered })
    if (waiting.length === 1) this.#put(terminal)
  }

  #put(terminal: string): void {
    const question = this.#questions.get(terminal)?.[0]
    if (question === undefined) return
    if (!question.process.alive) return this.#next(terminal)
    this.#kernel.log(question.process, question.record)
    const answers = this.size(terminal)?.answers !== false
    const ms = answers ? this.#kernel.chance.within([0.2, 2]) : PATIENCE
    this.#kernel.schedule(this.#kernel.now + ms, async () => {
      await this.#kernel.threads.deliver(question.process, question.answered)
      this.#next(terminal)
    })
  }

  #next(terminal: string): void {
    this.#questions.get(terminal)?.shift()
    this.#put(terminal)
  }
}
