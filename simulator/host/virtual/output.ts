import { isPrinted, type LogRecord, type Stream } from '../../manager/log.ts'
import type { Clock } from './clock.ts'
import type { Process } from './process.ts'
import type { Trace } from './trace.ts'

/** The output of processes: formats records as the program does, and writes text to where the streams lead. */
export class Output {
  readonly #clock: Clock
  readonly #trace: Trace
  readonly #readers: ((process: Process, text: string, stream: Stream) => void)[] = []

  constructor({ clock, trace }: { clock: Clock; trace: Trace }) {
    this.#clock = clock
    this.#trace = trace
  }

  /** Adds a reader of output that is not redirected: the journal, the logs of containers. */
  readBy(reader: (process: Process, text: string, stream: Stream) => void): void {
    this.#readers.push(reader)
  }

  /** Prints a record, formatted by the process's program. */
  log(process: Process, record: LogRecord): void {
    const { print, settings } = process
    if (print === undefined || settings === undefined) return
    if (record.kind === 'message' && !isPrinted(record.level, settings.logLevel)) return
    if (record.kind === 'access' && !isPrinted('info', settings.logLevel)) return
    const { stream, text } = print(record, { epochMs: this.#clock.date, offsetMinutes: 0 })
    this.write(process, stream, text, record)
  }

  /** Shows text on a terminal: echoed input or a prompt; with a PID, output of a program of the shell. */
  show(terminal: string, text: string, pid?: number): void {
    if (pid === undefined) this.#trace.record({ type: 'echo', terminal, text })
    else this.#trace.record({ type: 'output', pid, stream: 'stdout', text, terminal })
  }

  /** Writes text to a stream of a process. */
  write(process: Process, stream: Stream, text: string, record?: LogRecord): void {
    const { pid, streams } = process
    const elsewhere = streams[stream]
    const terminal = elsewhere === undefined ? process.terminal : undefined
    if (elsewhere === undefined) for (const reader of this.#readers) reader(process, text, stream)
    else elsewhere(text)
    this.#trace.record({
      type: 'output',
      pid,
      stream,
      text,
      ...(terminal === undefined ? {} : { terminal }),
      ...(record === undefined ? {} : { record }),
    })
  }
}
